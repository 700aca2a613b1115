namespace Slipway.Backups.Retention;

/// <summary>What is decided about one backup.</summary>
/// <param name="Id">The backup, or the folder of files that are none.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Taken">When it was taken; null when nothing tells.</param>
/// <param name="Bytes">Bytes of all its objects.</param>
/// <param name="IsDeleted">True when it is to be removed.</param>
/// <param name="Reason">Why.</param>
public sealed record RetentionItem(
    string Id,
    RetentionKind Kind,
    DateTimeOffset? Taken,
    long Bytes,
    bool IsDeleted,
    string Reason
);
