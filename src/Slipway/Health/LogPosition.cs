namespace Slipway.Health;

/// <summary>A place in a log, and how its file is known again.</summary>
/// <param name="Path">The log's path.</param>
/// <param name="Offset">Bytes that were there; 0 when there was no file.</param>
/// <param name="Inode">The file's number in its file system; null where the system tells none, or there was no file.</param>
/// <param name="Fingerprint">Hash of what stands right before the place, so that a reused number fools nobody.</param>
public sealed record LogPosition(string Path, long Offset, ulong? Inode, string Fingerprint);
