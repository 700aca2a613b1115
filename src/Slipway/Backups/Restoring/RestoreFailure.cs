using System.Globalization;
using Npgsql;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Tells why a restore failed, and what to do about it.</summary>
internal static class RestoreFailure
{
    private const int Signalled = 128;

    /// <summary>The failure of a pg_restore.</summary>
    public static RestoreFailedException Of(string what, CommandResult result)
    {
        var says = Says(result.Error);
        var killed = result.ExitCode > Signalled;
        var remedy = killed ? "see who or what ended it, such as the kernel for want of memory (dmesg)" : Remedy(says);
        return new(
            killed
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"pg_restore of {what} was ended by signal {result.ExitCode - Signalled}"
                )
                : $"pg_restore of {what} ended with exit code {result.ExitCode}: {says}",
            remedy ?? "mend what it says",
            isFaultOfBackup: !killed && remedy is null
        );
    }

    /// <summary>What went wrong, in one line.</summary>
    public static string Reason(Exception exception) =>
        exception switch
        {
            PostgresException server => $"{server.MessageText} (SQLSTATE {server.SqlState})",
            NpgsqlException { InnerException: { } inner } => $"the connection to the server broke: {inner.Message}",
            NpgsqlException => $"the connection to the server broke: {exception.Message}",
            OperationCanceledException => "it was interrupted",
            _ => exception.Message,
        };

    /// <summary>What to do about it.</summary>
    public static string Hint(Exception exception) =>
        exception switch
        {
            SlipwayException known => known.Hint,
            NpgsqlException => Remedy(exception.Message)
                ?? Remedy(exception.InnerException?.Message ?? "")
                ?? "mend what the server says",
            _ => "mend what it says",
        };

    private static string? Remedy(string error) =>
        Has(error, "No space left") || Has(error, "could not extend") || Has(error, "could not write")
            ? "make room on the disk of the database's server"
        : Has(error, "connection")
        || Has(error, "terminating")
        || Has(error, "SSL SYSCALL")
        || Has(error, "starting up")
            ? "see that the server runs, and what its log says"
        : Has(error, "role \"") && Has(error, "does not exist") ? "create that role on the server"
        : Has(error, "permission denied") || Has(error, "must be")
            ? "restore as a role that may do this, best as the superuser"
        : Has(error, "lock timeout") || Has(error, "statement timeout") ? "lift that limit for the role that restores"
        : null;

    // The first complaint is the cause; what follows tells where.
    private static string Says(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var first = Array.FindIndex(lines, line => Has(line, "error:"));
        return string.Join(' ', lines.Skip(Math.Max(0, first)).Take(2)).Trim();
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
