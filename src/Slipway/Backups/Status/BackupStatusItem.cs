namespace Slipway.Backups.Status;

/// <summary>One thing that was judged.</summary>
/// <param name="Name">Its name, with underscores.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Value">What was seen.</param>
/// <param name="Limit">What is good enough; empty when that is not a number.</param>
/// <param name="Remedy">What to do about it; null when nothing is to be done.</param>
public sealed record BackupStatusItem(string Name, BackupItemStatus Status, string Value, string Limit, string? Remedy);
