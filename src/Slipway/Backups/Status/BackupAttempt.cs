namespace Slipway.Backups.Status;

/// <summary>A backup that was begun.</summary>
/// <param name="At">When.</param>
/// <param name="Succeeded">True when it was taken and read back.</param>
/// <param name="Reason">Why not; null when it succeeded.</param>
public sealed record BackupAttempt(DateTimeOffset At, bool Succeeded, string? Reason);
