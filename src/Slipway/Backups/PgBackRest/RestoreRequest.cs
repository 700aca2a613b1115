namespace Slipway.Backups.PgBackRest;

/// <summary>What is restored, and where to.</summary>
/// <param name="Folder">Absolute path of the data folder; made when it is not there.</param>
/// <param name="Target">Where recovery ends.</param>
public sealed record RestoreRequest(string Folder, RestoreTarget Target)
{
    /// <summary>The backup to begin with; null for the newest before the target.</summary>
    public string? Label { get; init; }

    /// <summary>True to change only what differs in a data folder that is there; false wants an empty one.</summary>
    public bool Delta { get; init; }

    /// <summary>
    /// True, the default, when the server goes on elsewhere: the copy does not archive into the server's repository, and its
    /// tablespaces go beside it instead of over the server's. False to put the server itself back.
    /// </summary>
    public bool IsCopy { get; init; } = true;

    /// <summary>Where the tablespaces of a copy go.</summary>
    public string TablespaceFolder => $"{Path.TrimEndingDirectorySeparator(Folder)}-tablespaces";
}
