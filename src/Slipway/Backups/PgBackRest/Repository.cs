namespace Slipway.Backups.PgBackRest;

/// <summary>Where backups and write-ahead log are kept: a folder or a bucket.</summary>
public abstract record Repository
{
    /// <summary>Where it is, for people; without credentials.</summary>
    public abstract string Location { get; }

    /// <summary>Options of the configuration file, without the leading <c>repo1-</c>.</summary>
    internal abstract IEnumerable<(string Name, string Value)> Options();

    /// <summary>What is wrong with it.</summary>
    internal abstract IEnumerable<string> Problems();
}
