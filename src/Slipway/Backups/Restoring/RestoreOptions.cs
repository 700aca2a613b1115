namespace Slipway.Backups.Restoring;

/// <summary>How backups are restored.</summary>
public sealed record RestoreOptions
{
    /// <summary>Processes that restore side by side; default one for each core of this machine.</summary>
    public int Processes { get; init; } = Environment.ProcessorCount;

    /// <summary>True restores without owners and grants where roles are missing; only for copies that are thrown away.</summary>
    public bool DoesWithoutRoles { get; init; }

    /// <summary>How long tidying up may take after a failure or an interruption; default 30 s.</summary>
    public TimeSpan CleanupLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long sessions may take to end when a database is closed; default 10 s.</summary>
    public TimeSpan FenceLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a database that was replaced should be kept; default 7 days.</summary>
    public TimeSpan KeepReplacedFor { get; init; } = TimeSpan.FromDays(7);
}
