using Slipway.Processes;

namespace Slipway.Backups;

/// <summary>Tells why pg_dump failed, and what to do about it.</summary>
internal static class DumpFailure
{
    public static CommandFailedException Of(Command command, CommandResult result) =>
        new(
            command,
            result,
            $"ended with exit code {result.ExitCode}: {result.Error}",
            $"{Remedy(result.Error)}; no backup was kept"
        );

    private static string Remedy(string error) =>
        Has(error, "could not obtain lock") || Has(error, "LOCK TABLE")
            ? "somebody holds a lock on a table: see who in pg_locks and pg_stat_activity, and run again when it is gone"
        : Has(error, "permission denied") ? "let this role read everything: GRANT pg_read_all_data TO it"
        : Has(error, "No space left") ? "make room on that disk"
        : Has(error, "does not exist") ? "a table was dropped while the dump began; run again"
        : Has(error, "terminat") || Has(error, "connection") ? "see that the server runs, then run again"
        : "mend what it says and run again";

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
