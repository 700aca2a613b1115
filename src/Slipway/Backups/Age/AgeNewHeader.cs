namespace Slipway.Backups.Age;

/// <summary>A header that can take the place of a file's own.</summary>
/// <param name="Bytes">The header.</param>
/// <param name="PayloadOffset">Where the payload begins in the file: everything before it is replaced.</param>
public sealed record AgeNewHeader(ReadOnlyMemory<byte> Bytes, long PayloadOffset);
