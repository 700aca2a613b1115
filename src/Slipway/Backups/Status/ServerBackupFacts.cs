using Slipway.Backups.PgBackRest;

namespace Slipway.Backups.Status;

/// <summary>What is judged about the backups that pgBackRest takes of a server.</summary>
public sealed record ServerBackupFacts
{
    /// <summary>Every backup, the oldest first; empty when they could not be seen.</summary>
    public IReadOnlyList<ServerBackup> Backups { get; init; } = [];

    /// <summary>Why the repository could not be looked at; null when it could.</summary>
    public string? RepositoryProblem { get; init; }

    /// <summary>True when a key protects the repository; default true.</summary>
    public bool IsEncrypted { get; init; } = true;

    /// <summary>How archiving does; null when it could not be seen.</summary>
    public ArchiveState? Archive { get; init; }

    /// <summary>Why archiving could not be looked at; null when it could.</summary>
    public string? ArchiveProblem { get; init; }

    /// <summary>What to do about that.</summary>
    public string? ArchiveRemedy { get; init; }

    /// <summary>Settings of the server that archiving needs to be different.</summary>
    public IReadOnlyList<SettingDifference> Differences { get; init; } = [];
}
