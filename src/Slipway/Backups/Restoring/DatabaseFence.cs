using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Keeps everybody out of a database.</summary>
/// <remarks>
/// The database itself is closed, instead of taking the right to connect from each role: that stops superusers and owners too, as
/// which many applications connect, touches no grant, and is undone by one word.
/// </remarks>
internal sealed class DatabaseFence(ServerSession server, string database, RestoreOptions options, RunOutput output)
{
    private const string Others = """
        SELECT pid, coalesce(usename, backend_type)::text || ' (' || coalesce(nullif(application_name, ''), backend_type) || ')'
        FROM pg_stat_activity WHERE datname = $1 AND pid <> $2 AND backend_type <> 'autovacuum worker' ORDER BY 1
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Closes it and ends every session but one.</summary>
    /// <param name="except">Server process that stays.</param>
    /// <param name="cancellationToken">Gives up; the fence may stand then.</param>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> RaiseAsync(int except, CancellationToken cancellationToken)
    {
        var clock = output.Time.GetTimestamp();
        await server.ExecuteAsync($"ALTER DATABASE {Sql.Name(database)} ALLOW_CONNECTIONS false", cancellationToken);
        // Twice nobody: one may have been let in just before, and not show yet.
        for (var alone = 0; alone < 2; )
        {
            var others = await server.ListAsync(
                Others,
                row => (Id: row.GetInt32(0), Name: row.GetString(1)),
                cancellationToken,
                database,
                except
            );
            alone = others.Count == 0 ? alone + 1 : 0;
            if (output.Time.GetElapsedTime(clock) > options.FenceLimit)
            {
                throw StillThere(others.Select(other => other.Name));
            }

            await EndAsync(others.Select(other => other.Id).ToArray(), cancellationToken);
            await Task.Delay(Pause, output.Time, cancellationToken);
        }

        return output.Time.GetElapsedTime(clock);
    }

    /// <summary>Opens it again.</summary>
    public Task LiftAsync(CancellationToken cancellationToken) =>
        server.ExecuteAsync($"ALTER DATABASE {Sql.Name(database)} ALLOW_CONNECTIONS true", cancellationToken);

    private async Task EndAsync(int[] sessions, CancellationToken cancellationToken)
    {
        try
        {
            await server.ListAsync(
                "SELECT pg_terminate_backend(pid) FROM unnest($1) AS pid",
                row => row.GetBoolean(0),
                cancellationToken,
                sessions
            );
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SlipwayException(
                $"Sessions in database {database} may not be ended: {exception.MessageText}",
                "let the role do it: GRANT pg_signal_backend TO it; sessions of superusers are ended by superusers only"
            );
        }
    }

    private SlipwayException StillThere(IEnumerable<string> names) =>
        new(
            $"Sessions in database {database} did not end within {RunOutput.Duration(options.FenceLimit)}: {string.Join(", ", names)}",
            "end what holds them, such as a prepared transaction or an extension's worker"
        );
}
