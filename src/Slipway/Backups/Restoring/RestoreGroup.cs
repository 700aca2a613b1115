namespace Slipway.Backups.Restoring;

/// <summary>What one process restores while it reads the archive, and what follows it.</summary>
/// <param name="Data">Tables and large objects.</param>
/// <param name="Indexes">Indexes, primary keys and unique constraints of these tables, each list for a process of its own.</param>
internal sealed record RestoreGroup(IReadOnlyList<int> Data, IReadOnlyList<IReadOnlyList<int>> Indexes);
