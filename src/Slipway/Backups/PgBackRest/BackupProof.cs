using Npgsql;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>Proves backups by restoring them.</summary>
public sealed class BackupProof(
    PgBackRestSettings settings,
    ScratchSettings scratch,
    IProcessRunner processes,
    TimeProvider time
)
{
    // Names come back quoted by the server itself. Partitioned tables are counted by their partitions.
    private const string Tables = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p' AND n.nspname NOT LIKE 'pg\_%'
          AND n.nspname <> 'information_schema' AND c.relispopulated
        ORDER BY 1
        """;

    /// <summary>Restores a copy, starts it, reads every row and looks for damage; nothing of the copy is left.</summary>
    /// <param name="target">Where recovery ends.</param>
    /// <param name="label">The backup; null for the newest before the target.</param>
    /// <param name="line">Gets pgBackRest's lines; null when nobody watches.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException">It cannot be restored, or is not whole.</exception>
    public async Task<ProofRecord> ProveAsync(
        RestoreTarget target,
        string? label,
        Action<string>? line,
        CancellationToken cancellationToken
    )
    {
        await using var server = await ScratchServer.StartAsync(
            settings,
            scratch,
            target,
            label,
            processes,
            time,
            line,
            cancellationToken
        );
        var started = time.GetTimestamp();
        try
        {
            var last = await ListAsync(server, "postgres", LastTransaction, cancellationToken);
            var databases = await CountAsync(server, cancellationToken);
            var counted = time.GetElapsedTime(started);
            return new(
                settings.Stanza,
                server.Backup,
                target.ToString(),
                last is [var moment] ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(moment, null)) : null,
                server.RestoreTime,
                server.RecoveryTime,
                counted,
                await CheckAsync(server, cancellationToken),
                databases
            );
        }
        catch (NpgsqlException exception)
        {
            throw new ScratchException(
                server.Backup.Label,
                $"The copy restored from backup {server.Backup.Label} cannot be read",
                [exception.Message]
            );
        }
    }

    private const string LastTransaction =
        "SELECT floor(extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000)::bigint::text WHERE pg_last_xact_replay_timestamp() IS NOT NULL";

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<TableRows>>> CountAsync(
        ScratchServer server,
        CancellationToken cancellationToken
    )
    {
        const string Databases = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1";
        using var deadline = new CancellationTokenSource(scratch.ProofTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var found = new SortedDictionary<string, IReadOnlyList<TableRows>>(StringComparer.Ordinal);
        foreach (var database in await ListAsync(server, "postgres", Databases, stop.Token))
        {
            var tables = await ListAsync(server, database, Tables, stop.Token);
            await using var source = PostgresSource.Create(server.Url(database), "proof");
            await using var connection = await source.OpenConnectionAsync(stop.Token);
            var rows = new List<TableRows>();
            foreach (var table in tables)
            {
                // A prepared transaction of the original may hold a lock for ever.
                await using var count = new NpgsqlCommand(
                    $"SET lock_timeout = '10s'; SELECT count(*) FROM {table}",
                    connection
                );
                rows.Add(new(table, (long)(await count.ExecuteScalarAsync(stop.Token))!));
            }

            found.Add(database, rows);
        }

        return found;
    }

    private async Task<TimeSpan?> CheckAsync(ScratchServer server, CancellationToken cancellationToken)
    {
        if (PostgresPrograms.TryFind("pg_amcheck") is not { } program)
        {
            return null;
        }

        var command = Command.Of(
            program,
            "--all",
            "--install-missing",
            "--no-password",
            $"--jobs={settings.Processes}"
        ) with
        {
            Variables = PostgresSource.LibpqVariables(server.Url("postgres"), "proof"),
            Without = PostgresSource.ForeignVariables,
            Timeout = scratch.ProofTimeout,
        };
        var result = await processes.RunAsync(command, null, cancellationToken);
        return result.ExitCode == 0
            ? result.Duration
            : throw new ScratchException(
                server.Backup.Label,
                $"pg_amcheck says that the copy restored from backup {server.Backup.Label} is damaged (exit code {result.ExitCode})",
                [.. $"{result.Output}\n{result.Error}".Split('\n').Where(text => text.Length > 0).Take(20)]
            );
    }

    private static async Task<IReadOnlyList<string>> ListAsync(
        ScratchServer server,
        string database,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var source = PostgresSource.Create(server.Url(database), "proof");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await Query.RowsAsync(connection, sql, row => row.GetString(0), cancellationToken);
    }
}
