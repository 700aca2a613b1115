using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Backups;

/// <summary>Refuses what pg_dump would do badly, or without saying so.</summary>
internal static class BackupPreconditions
{
    private const string HiddenRows = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND row_security_active(c.oid) ORDER BY 1
        """;

    public static async Task CheckAsync(
        DatabaseUrl url,
        DumpSnapshot snapshot,
        Version dump,
        CancellationToken cancellationToken
    )
    {
        if (dump.Major < snapshot.ServerMajor)
        {
            throw new SlipwayException(
                $"pg_dump {dump} is older than the server, {snapshot.ServerVersion}, and refuses to dump it",
                $"install postgresql-client-{snapshot.ServerMajor}",
                ExitCode.Refused
            );
        }

        if (url.PgBouncer || snapshot.IsPooled)
        {
            throw new SlipwayException(
                $"{url} is the address of a connection pool such as PgBouncer: a dump through it breaks its other clients",
                "give the deploy the address of the server itself in DATABASE_URL",
                ExitCode.Refused
            );
        }

        await CheckRowSecurityAsync(url, snapshot.Connection, cancellationToken);
    }

    // pg_dump fails on such a table; with --enable-row-security it would leave rows out and say nothing.
    private static async Task CheckRowSecurityAsync(
        DatabaseUrl url,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var tables = await Query.RowsAsync(connection, HiddenRows, row => row.GetString(0), cancellationToken);
        if (tables.Count > 0)
        {
            throw new SlipwayException(
                $"Role {url.User} does not see every row of {string.Join(", ", tables)}: row security hides some",
                $"back up as a role that sees all: ALTER ROLE {url.User} BYPASSRLS",
                ExitCode.Refused
            );
        }
    }
}
