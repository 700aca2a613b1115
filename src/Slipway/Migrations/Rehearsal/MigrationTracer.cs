using System.Globalization;
using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Migrations.Rehearsal;

/// <summary>Runs migrations on a copy and sees what every statement does, by looking and not by reading SQL.</summary>
/// <param name="copy">The copy.</param>
/// <param name="statementTimeout">How long one statement may take.</param>
/// <param name="time">The clock.</param>
internal sealed class MigrationTracer(DatabaseUrl copy, TimeSpan statementTimeout, TimeProvider time) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = PostgresSource.Create(copy, "rehearsal");
    private bool _tellsReasons;
    private bool _isPrepared;

    /// <summary>Runs one of a migration's scripts and traces it; tells nobody's history.</summary>
    /// <exception cref="RehearsalFailedException">A statement failed.</exception>
    public async Task<MigrationTrace> RunAsync(MigrationWork work, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await PrepareAsync(connection, cancellationToken);
        await Query.RunAsync(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"SET statement_timeout = '{statementTimeout.TotalMilliseconds:0}ms'"
            ),
            cancellationToken
        );
        var reasons = new List<string>();
        connection.Notice += (_, notice) =>
        {
            if (notice.Notice.MessageText.StartsWith(TraceSql.RewriteMark, StringComparison.Ordinal))
            {
                reasons.Add(Reason(notice.Notice.MessageText[TraceSql.RewriteMark.Length..]));
            }
        };
        var started = time.GetTimestamp();
        var statements = work.Script.IsTransactional
            ? await TogetherAsync(connection, work, reasons, cancellationToken)
            : await OneByOneAsync(connection, work, reasons, cancellationToken);
        var duration = time.GetElapsedTime(started);
        // It may have become somebody else, who must not read these.
        await Query.RunAsync(connection, "RESET ALL; RESET SESSION AUTHORIZATION; RESET ROLE", cancellationToken);
        return new(work.Name, statements, work.Script.IsTransactional, duration)
        {
            InvalidIndexes = await Query.RowsAsync(
                connection,
                TraceSql.Invalid,
                row => row.GetString(0),
                cancellationToken
            ),
        };
    }

    /// <summary>Removes what it added.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await Query.RunAsync(
            connection,
            $"DROP EVENT TRIGGER IF EXISTS _slipway_rewrite; DROP SCHEMA IF EXISTS {TraceSql.Schema} CASCADE",
            cancellationToken
        );
        Forget();
    }

    /// <summary>Learns that the copy is another one now, without what was added to it.</summary>
    public void Forget() => _isPrepared = false;

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!_isPrepared)
        {
            await Query.RunAsync(connection, "ANALYZE", cancellationToken);
        }

        await Query.RunAsync(connection, TraceSql.Remember, cancellationToken);
        if (_isPrepared)
        {
            return;
        }

        _isPrepared = true;
        try
        {
            await Query.RunAsync(connection, TraceSql.TellRewrites, cancellationToken);
            _tellsReasons = true;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            // Rewrites are seen all the same, only not why.
            _tellsReasons = false;
        }
    }

    private async Task<IReadOnlyList<StatementTrace>> TogetherAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        List<string> reasons,
        CancellationToken cancellationToken
    )
    {
        var traces = new List<StatementTrace>();
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = new Dictionary<string, TableTouch>(StringComparer.Ordinal);
        foreach (var statement in work.Script.Statements)
        {
            var (duration, bytes) = await MeasureAsync(connection, work, statement, cancellationToken);
            var now = await LookAsync(connection, TraceSql.Look, cancellationToken);
            traces.Add(
                Trace(
                    statement,
                    duration,
                    bytes,
                    [.. now.Select(touch => Since(before, touch)).Where(Matters)],
                    reasons
                )
            );
            before = now.ToDictionary(touch => touch.Table, StringComparer.Ordinal);
        }

        await transaction.CommitAsync(cancellationToken);
        return traces;
    }

    // Each is a transaction of its own, whose locks are gone when it is over: another session looks while it runs.
    private async Task<IReadOnlyList<StatementTrace>> OneByOneAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        List<string> reasons,
        CancellationToken cancellationToken
    )
    {
        var traces = new List<StatementTrace>();
        var rewritten = new HashSet<string>(StringComparer.Ordinal);
        foreach (var statement in work.Script.Statements)
        {
            await using var watcher = new LockWatcher(_source, connection.ProcessID, time);
            var (duration, bytes) = await MeasureAsync(connection, work, statement, cancellationToken);
            var touched = await watcher.StopAsync();
            var now = await Query.RowsAsync(connection, TraceSql.Rewritten, row => row.GetString(0), cancellationToken);
            traces.Add(
                Trace(
                    statement,
                    duration,
                    bytes,
                    [
                        .. touched.Select(touch =>
                            touch with
                            {
                                IsRewritten = now.Contains(touch.Table) && rewritten.Add(touch.Table),
                            }
                        ),
                    ],
                    reasons
                )
            );
        }

        return traces;
    }

    private async Task<(TimeSpan Duration, long LogBytes)> MeasureAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        SqlStatement statement,
        CancellationToken cancellationToken
    )
    {
        var position = await PositionAsync(connection, cancellationToken);
        var started = time.GetTimestamp();
        try
        {
            await using var command = new NpgsqlCommand(statement.Text, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new RehearsalFailedException(work, statement, exception);
        }

        var duration = time.GetElapsedTime(started);
        return (duration, await PositionAsync(connection, cancellationToken) - position);
    }

    private StatementTrace Trace(
        SqlStatement statement,
        TimeSpan duration,
        long bytes,
        IReadOnlyList<TableTouch> touched,
        List<string> reasons
    )
    {
        var told = reasons.ToList();
        reasons.Clear();
        return new(statement.Line, statement.Text, duration, touched, bytes)
        {
            RewriteReasons = _tellsReasons ? told : [],
            Statement = statement,
        };
    }

    private static async Task<long> PositionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TraceSql.LogPosition, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    internal static Task<IReadOnlyList<TableTouch>> LookAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    ) =>
        Query.RowsAsync(
            connection,
            sql,
            row => new TableTouch(
                row.GetString(0),
                row.GetInt64(1),
                row.IsDBNull(3) ? LockLevel.None : (LockLevel)row.GetInt32(3),
                row.GetBoolean(2),
                row.GetInt64(4),
                row.GetInt64(5),
                row.GetInt64(6)
            ),
            cancellationToken,
            values
        );

    // The server counts since the transaction began.
    private static TableTouch Since(Dictionary<string, TableTouch> before, TableTouch now) =>
        before.TryGetValue(now.Table, out var then)
            ? now with
            {
                Lock = now.Lock > then.Lock ? now.Lock : LockLevel.None,
                IsRewritten = now.IsRewritten && !then.IsRewritten,
                Scanned = now.Scanned - then.Scanned,
                Inserted = now.Inserted - then.Inserted,
                Changed = now.Changed - then.Changed,
            }
            : now;

    private static bool Matters(TableTouch touch) =>
        touch.Lock is not LockLevel.None || touch.IsRewritten || touch.Scanned + touch.Inserted + touch.Changed > 0;

    // The numbers are those of pg_event_trigger_table_rewrite_reason.
    private static string Reason(string text)
    {
        var words = text.Split(' ', 2);
        var reason = int.Parse(words[0], CultureInfo.InvariantCulture) switch
        {
            1 => "it becomes logged or unlogged",
            2 => "every row gets a default of its own",
            4 => "its type changes",
            8 => "its access method changes",
            var other => $"reason {other}",
        };
        return $"{words[^1]}: {reason}";
    }
}
