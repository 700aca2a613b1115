namespace Slipway.Backups;

/// <summary>What went through an archive on its way to the store.</summary>
/// <param name="PlainBytes">Bytes before compression and encryption.</param>
/// <param name="PlainSha256">Their SHA-256.</param>
/// <param name="Bytes">Bytes in the store.</param>
/// <param name="Sha256">Their SHA-256.</param>
public sealed record ArchiveSums(long PlainBytes, string PlainSha256, long Bytes, string Sha256);
