namespace Slipway.Backups;

/// <summary>One file of a backup in the store: zstd, then age when it is encrypted.</summary>
/// <param name="Name">Its name in the backup's folder, such as <c>database.dump.zst.age</c>.</param>
/// <param name="Sums">What it holds.</param>
public sealed record StoredArchive(string Name, ArchiveSums Sums)
{
    /// <summary>True when it is an age file.</summary>
    public bool IsEncrypted => Name.EndsWith(Age, StringComparison.Ordinal);

    internal const string Zstandard = ".zst";
    internal const string Age = ".age";
}
