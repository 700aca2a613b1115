namespace Slipway.Backups.Restoring;

/// <summary>What one process restores.</summary>
/// <param name="Name">What it is called in an error.</param>
/// <param name="Ids">Numbers of the entries, in the order of the archive.</param>
/// <param name="After">Places of the jobs in the plan that must be done before.</param>
internal sealed record RestoreJob(string Name, IReadOnlyList<int> Ids, IReadOnlyList<int> After)
{
    /// <summary>The archive that it reads, by its place among the backup's.</summary>
    public int Archive { get; init; }

    /// <summary>True when it needs the archive's data; everything else stands at its beginning.</summary>
    public bool ReadsData { get; init; }

    /// <summary>True for the one that reads the archive to its end and sees that it is whole.</summary>
    public bool IsVerifying { get; init; }
}
