using System.Globalization;
using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Rehearsal;

/// <summary>Sees what each statement of a migration does while it is run on a copy.</summary>
/// <param name="sessions">Opens sessions beside the migration's own.</param>
/// <param name="isTransactional">True when all of it runs in one transaction.</param>
/// <param name="time">The clock.</param>
internal sealed class StatementRecorder(MigrationSession sessions, bool isTransactional, TimeProvider time)
    : IAsyncDisposable
{
    // By number, because one that is tried again is seen again.
    private readonly SortedDictionary<int, StatementTrace> _traces = [];
    private readonly HashSet<string> _rewritten = new(StringComparer.Ordinal);
    private readonly List<string> _reasons = [];
    private Dictionary<string, TableTouch> _before = [];
    private NpgsqlConnection? _heard;
    private LockWatcher? _watcher;
    private long _position;
    private long _started;

    /// <summary>What the migrator is to tell.</summary>
    public StatementHook Hook => new(BeforeAsync, AfterAsync);

    /// <summary>What was seen so far, in the order of the statements.</summary>
    public IReadOnlyList<StatementTrace> Traces => [.. _traces.Values];

    public ValueTask DisposeAsync() => _watcher?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task BeforeAsync(StatementRun run, CancellationToken cancellationToken)
    {
        Hear(run.Connection);
        if (MigrationScript.NeedsNoTransaction(run.Statement))
        {
            await DisposeAsync();
            _watcher = new(sessions, run.Connection.ProcessID, time);
        }
        else if (!isTransactional || run.Number == 1)
        {
            // The migrator's own work in the transaction, and what the server still counts of the one before.
            _before = ByName(await LookAsync(run.Connection, TraceSql.Look, cancellationToken));
        }

        _position = await PositionAsync(run.Connection, cancellationToken);
        _started = time.GetTimestamp();
    }

    private async Task AfterAsync(StatementRun run, CancellationToken cancellationToken)
    {
        var duration = time.GetElapsedTime(_started);
        var bytes = await PositionAsync(run.Connection, cancellationToken) - _position;
        var touched = _watcher is { } watcher
            ? await WatchedAsync(run.Connection, watcher, cancellationToken)
            : await DoneAsync(run.Connection, cancellationToken);
        _watcher = null;
        _traces[run.Number] = new(run.Statement.Line, run.Statement.Text, duration, touched, bytes)
        {
            RewriteReasons = [.. _reasons],
            Statement = run.Statement,
        };
        _reasons.Clear();
    }

    private void Hear(NpgsqlConnection connection)
    {
        if (ReferenceEquals(connection, _heard))
        {
            return;
        }

        // Another session is another try, of which nothing is seen yet.
        _heard = connection;
        _rewritten.Clear();
        connection.Notice += (_, notice) =>
        {
            if (notice.Notice.MessageText.StartsWith(TraceSql.RewriteMark, StringComparison.Ordinal))
            {
                _reasons.Add(Reason(notice.Notice.MessageText[TraceSql.RewriteMark.Length..]));
            }
        };
    }

    private async Task<IReadOnlyList<TableTouch>> DoneAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var now = await LookAsync(connection, TraceSql.Look, cancellationToken);
        List<TableTouch> touched = [.. now.Select(touch => Marked(Since(_before, touch))).Where(Matters)];
        _before = ByName(now);
        return touched;
    }

    // It has no transaction whose locks could be looked at when it is over.
    private async Task<IReadOnlyList<TableTouch>> WatchedAsync(
        NpgsqlConnection connection,
        LockWatcher watcher,
        CancellationToken cancellationToken
    )
    {
        var touched = await watcher.StopAsync();
        var rewritten = await Query.RowsAsync(
            connection,
            TraceSql.Rewritten,
            row => row.GetString(0),
            cancellationToken
        );
        return [.. touched.Select(touch => Marked(touch with { IsRewritten = rewritten.Contains(touch.Table) }))];
    }

    private TableTouch Marked(TableTouch touch) =>
        touch with
        {
            IsRewritten = touch.IsRewritten && _rewritten.Add(touch.Table),
        };

    private static async Task<long> PositionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await Query.RowsAsync(connection, TraceSql.LogPosition, row => row.GetInt64(0), cancellationToken))[0];

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

    private static Dictionary<string, TableTouch> ByName(IReadOnlyList<TableTouch> touches) =>
        touches.ToDictionary(touch => touch.Table, StringComparer.Ordinal);

    // The server counts since the transaction began.
    private static TableTouch Since(Dictionary<string, TableTouch> before, TableTouch now) =>
        before.TryGetValue(now.Table, out var then)
            ? now with
            {
                Lock = now.Lock > then.Lock ? now.Lock : LockLevel.None,
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
