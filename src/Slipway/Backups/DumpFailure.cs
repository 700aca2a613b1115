using System.Globalization;
using Npgsql;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups;

/// <summary>Tells why pg_dump failed, and what to do about it.</summary>
internal static class DumpFailure
{
    private const int Signalled = 128;

    public static CommandFailedException Of(Command command, CommandResult result)
    {
        var killed = result.ExitCode > Signalled;
        return new(
            command,
            result,
            killed
                ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {result.ExitCode - Signalled}")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"ended with exit code {result.ExitCode}: {result.Error}"
                ),
            $"{(killed ? "see who or what ended it, such as the kernel for want of memory (dmesg)" : Remedy(result.Error))}; no backup was kept"
        );
    }

    /// <summary>Adds what the server knows of a failure; null when that is nothing.</summary>
    public static async Task<SlipwayException?> ExplainAsync(
        Exception exception,
        DatabaseUrl url,
        CancellationToken cancellationToken
    ) =>
        exception switch
        {
            CommandFailedException { Result: { } result } failure when IsLock(result.Error) =>
                await LockHolders.TextAsync(url, cancellationToken) is { } holders
                    ? new CommandFailedException(
                        failure.Command,
                        result,
                        $"waited in vain for a table: {holders}",
                        "wait until that is over or end it, then run again; no backup was kept"
                    )
                    : null,
            PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } gone => new SlipwayException(
                $"A table went away while the backup of {url.Database} began: {gone.MessageText}",
                "run again; no backup was kept",
                inner: exception
            ),
            NpgsqlException and ((not PostgresException) or PostgresException { SqlState: ['5', '7', 'P', ..] }) =>
                new SlipwayException(
                    $"The connection to {url} was lost while pg_dump read it: {exception.InnerException?.Message ?? exception.Message}",
                    "see that the server runs, then run again; no backup was kept",
                    inner: exception
                ),
            _ => null,
        };

    private static string Remedy(string error) =>
        IsLock(error)
            ? "somebody holds a lock on a table: see who in pg_locks and pg_stat_activity, and run again when it is gone"
        : Has(error, "permission denied") ? "let this role read everything: GRANT pg_read_all_data TO it"
        : Has(error, "No space left") ? "make room on that disk"
        : Has(error, "invalid memory alloc request size")
            ? "a row of that table is larger than PostgreSQL can write as text, 1 GB, where bytes count twice: keep it in parts, or back up "
                + "with pgBackRest"
        : Has(error, "does not exist") ? "a table was dropped while the dump began; run again"
        : Has(error, "terminat") || Has(error, "connection") ? "see that the server runs, then run again"
        : "mend what it says and run again";

    // Every error of that statement names it; only that it took too long tells of somebody else.
    private static bool IsLock(string error) =>
        Has(error, "could not obtain lock") || (Has(error, "LOCK TABLE") && Has(error, "timeout"));

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
