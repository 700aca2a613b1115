namespace Slipway.Settings;

/// <summary>The project's own commands for migrations.</summary>
public sealed record MigrationCommands
{
    /// <summary>Ends with 0 when nothing is pending, and with something else when something is; empty when there is none.</summary>
    public IReadOnlyList<string> Status { get; init; } = [];

    /// <summary>Applies what is pending.</summary>
    public required IReadOnlyList<string> Deploy { get; init; }

    /// <summary>Undoes the last one; empty when there is none.</summary>
    public IReadOnlyList<string> Rollback { get; init; } = [];

    /// <summary>How long each may take; default 15 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);
}
