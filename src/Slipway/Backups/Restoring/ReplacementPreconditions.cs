using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Looks before anything is made whether a database can be replaced.</summary>
internal static class ReplacementPreconditions
{
    private const string Rights = """
        SELECT r.rolsuper OR (r.rolcreatedb AND pg_has_role(r.oid, d.datdba, 'USAGE')), d.datistemplate
        FROM pg_database d, pg_roles r WHERE d.datname = $1 AND r.rolname = current_user
        """;

    /// <summary>Looks.</summary>
    /// <exception cref="SlipwayException">It cannot.</exception>
    public static async Task<DatabaseState> CheckAsync(
        ServerSession server,
        DatabaseUrl live,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        var state =
            await DatabaseState.ReadAsync(server, live.Database, cancellationToken)
            ?? throw Refused(live, "there is none", "restore the backup under this name: ./build.sh Restore --to NAME");
        var (mayRename, isTemplate) = (
            await server.ListAsync(
                Rights,
                row => (row.GetBoolean(0), row.GetBoolean(1)),
                cancellationToken,
                live.Database
            )
        )[0];
        if (!mayRename || isTemplate)
        {
            throw Refused(
                live,
                isTemplate
                    ? "it is a template"
                    : $"role {live.User} neither is superuser, nor owns it and may make databases",
                isTemplate
                    ? "take that mark away from it"
                    : $"restore as its owner, {state.Owner}, with CREATEDB, or as superuser"
            );
        }

        await CheckUsersAsync(server, live, output, cancellationToken);
        return state;
    }

    private static async Task CheckUsersAsync(
        ServerSession server,
        DatabaseUrl live,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        var prepared = await NamesAsync("SELECT gid FROM pg_prepared_xacts WHERE database = $1");
        if (prepared.Count > 0)
        {
            throw Refused(
                live,
                $"it has prepared transactions: {string.Join(", ", prepared)}",
                "COMMIT PREPARED or ROLLBACK PREPARED them"
            );
        }

        foreach (var slot in await NamesAsync("SELECT slot_name::text FROM pg_replication_slots WHERE database = $1"))
        {
            output.Warn(
                $"replication slot {slot} stays with the replaced database: its reader gets nothing of the new one"
            );
        }

        Task<IReadOnlyList<string>> NamesAsync(string sql) =>
            server.ListAsync(sql, row => row.GetString(0), cancellationToken, live.Database);
    }

    private static SlipwayException Refused(DatabaseUrl live, string why, string hint) =>
        new($"Database {live.Database} at {live.Host}:{live.Port} cannot be replaced: {why}", hint, ExitCode.Refused);
}
