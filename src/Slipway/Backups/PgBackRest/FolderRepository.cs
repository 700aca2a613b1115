namespace Slipway.Backups.PgBackRest;

/// <summary>A repository in a folder, best on another machine's disk.</summary>
/// <param name="Path">Absolute path.</param>
public sealed record FolderRepository(string Path) : Repository
{
    /// <inheritdoc />
    public override string Location => Path;

    internal override IEnumerable<(string Name, string Value)> Options() => [("path", Path)];

    internal override IEnumerable<string> Problems() => ConfigurationText.PathProblems("the repository's folder", Path);
}
