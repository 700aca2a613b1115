namespace Slipway.Backups;

/// <summary>How far a sequence had come.</summary>
/// <param name="Sequence">Schema and name, quoted where needed.</param>
/// <param name="Last">Its last value; null when it was never used.</param>
public sealed record SequenceValue(string Sequence, long? Last);
