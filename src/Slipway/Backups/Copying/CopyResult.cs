namespace Slipway.Backups.Copying;

/// <summary>What was copied of a backup.</summary>
/// <param name="Id">The backup.</param>
/// <param name="Copied">Number of files that were copied.</param>
/// <param name="Skipped">Number of files that were there already.</param>
/// <param name="Bytes">Bytes that were copied.</param>
public sealed record CopyResult(string Id, int Copied, int Skipped, long Bytes);
