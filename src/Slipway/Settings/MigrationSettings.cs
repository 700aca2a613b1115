namespace Slipway.Settings;

/// <summary>How migrations are found and applied.</summary>
/// <param name="Folder">Absolute path of the folder with the migrations.</param>
/// <param name="LockTimeout">How long a statement waits for a lock on a table, and others behind it; default 500 ms.</param>
/// <param name="StatementTimeout">How long one statement may take; default 15 min.</param>
/// <param name="QueueTimeout">How long to wait for another migration tool to finish; default 30 s.</param>
public sealed record MigrationSettings(
    string Folder,
    TimeSpan LockTimeout,
    TimeSpan StatementTimeout,
    TimeSpan QueueTimeout
)
{
    /// <summary>The formats that can be named.</summary>
    public static IReadOnlyList<string> Formats { get; } =
    ["prisma", "dbmate", "golang-migrate", "flyway", "efcore", "plain", "command"];

    /// <summary>The tool that the migrations are written for; null to see it from the folder.</summary>
    public string? Format { get; init; }

    /// <summary>The table of the history, as <c>table</c> or <c>schema.table</c>; null for the tool's usual one.</summary>
    public string? Table { get; init; }

    /// <summary>True when a migration that is older than the newest applied is applied; null for what the tool does.</summary>
    public bool? AppliesOutOfOrder { get; init; }

    /// <summary>How they are tried before they touch the database.</summary>
    public RehearsalSettings Rehearsal { get; init; } = RehearsalSettings.Default;

    /// <summary>The project's own commands, of format command; null otherwise.</summary>
    public MigrationCommands? Commands { get; init; }
}
