namespace Slipway.Backups.Restoring;

/// <summary>How an interrupted restore was brought to an end.</summary>
/// <param name="IsSwapped">True when the restored database is the live one.</param>
/// <param name="What">Which database is live, and what is left.</param>
public sealed record RestoreState(bool IsSwapped, string What);
