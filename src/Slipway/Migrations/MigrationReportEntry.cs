namespace Slipway.Migrations;

/// <summary>One migration as other programs read it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">What files and history say: applied, pending, out of order, rolled back, interrupted, unfit, missing, changed or failed.</param>
/// <param name="Pending">True when it would be applied now.</param>
/// <param name="Blocks">True when nothing can be applied before a person looked at it.</param>
/// <param name="AppliedAt">When it was applied; null when it is not, or the tool keeps no times.</param>
/// <param name="File">Its file, from the folder on; null when there is none.</param>
/// <param name="Detail">The same in words; null when there is nothing to add.</param>
/// <param name="Remedy">What to do; null when nothing.</param>
internal sealed record MigrationReportEntry(
    string Name,
    string State,
    bool Pending,
    bool Blocks,
    DateTimeOffset? AppliedAt,
    string? File,
    string? Detail,
    string? Remedy
);
