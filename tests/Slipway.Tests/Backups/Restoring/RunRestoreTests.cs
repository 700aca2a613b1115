using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Slipway.Backups;
using Slipway.Backups.Restoring;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Restoring;

[Trait("Needs", "Server")]
public sealed class RunRestoreTests(PostgresCluster cluster) : IDisposable
{
    private readonly RestoreSite _site = new();
    private int _asked;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<RestorePhase> Phases =>
        [
            RestorePhase.Restoring,
            RestorePhase.Compared,
            RestorePhase.Confirmed,
            RestorePhase.Fenced,
            RestorePhase.Salvaged,
            RestorePhase.Swapping,
        ];

    [Fact]
    public async Task Nothing_written_is_proven_and_goes_by_itself()
    {
        var (url, manifest) = await BackupAsync();
        // Neither reading nor tidying up writes anything.
        await RestoreSite.CountAsync(url, "notes");
        await TestDatabase.ExecuteAsync(url, "VACUUM notes", Token);
        await TestDatabase.ExecuteAsync(url, "ANALYZE", Token);

        var outcome = await Run().RunAsync(Request(url, manifest, approvalRequired: true), Token);

        Assert.True(outcome.Writes.IsZero, outcome.Writes.ToString());
        Assert.Equal(0, _asked);
        Assert.Null(outcome.Salvage);
        Assert.Equal([outcome.Replaced], await RestoreSite.BesideAsync(url));
        Assert.Equal(1000, await RestoreSite.CountAsync(url, "notes"));
        Assert.Empty(await _site.Store.ListAsync("restores/", Token));
    }

    [Fact]
    public async Task Writes_are_counted_by_their_kind()
    {
        var (url, manifest) = await BackupAsync();
        await TestDatabase.ExecuteAsync(
            url,
            """
            INSERT INTO notes SELECT n, 'new' FROM generate_series(2001, 2030) AS n; UPDATE tags SET t = 'z' WHERE id <= 15;
            DELETE FROM gone WHERE id <= 4; CREATE TABLE added AS SELECT 1 AS n
            """,
            Token
        );
        await Assert.ThrowsAsync<PostgresException>(() =>
            TestDatabase.ExecuteAsync(url, "INSERT INTO quiet VALUES (99, 'x'); SELECT 1 / 0", Token)
        );

        var writes = await CountAsync(url, manifest);

        Assert.Equal(
            [
                ("public.added", 1, 0, 0),
                ("public.gone", 0, 0, 4),
                ("public.notes", 30, 0, 0),
                ("public.tags", 15, 15, 15),
            ],
            writes
                .Tables.Select(table => (table.Table, table.InsertedAtMost, table.UpdatedAtMost, table.DeletedAtMost))
                .Select(row => (row.Table, (int)row.InsertedAtMost, (int)row.UpdatedAtMost, (int)row.DeletedAtMost))
        );
        Assert.True(writes.Transactions >= 2, $"{writes.Transactions}");
        Assert.True(writes.SchemaChanges > 0);
        Assert.False(writes.IsZero);
    }

    [Fact]
    public async Task A_transaction_that_was_rolled_back_loses_nothing_and_a_dropped_or_emptied_table_does()
    {
        var (url, manifest) = await BackupAsync();
        await Assert.ThrowsAsync<PostgresException>(() =>
            TestDatabase.ExecuteAsync(url, "INSERT INTO quiet VALUES (99, 'x'); SELECT 1 / 0", Token)
        );
        Assert.True((await CountAsync(url, manifest)).IsZero);

        await TestDatabase.ExecuteAsync(url, "TRUNCATE quiet; DROP TABLE gone", Token);

        var writes = await CountAsync(url, manifest);
        Assert.Equal(
            [("public.quiet", 10L), ("public.gone", 10L)],
            writes.Tables.Select(table => (table.Table, table.DeletedAtMost))
        );
    }

    [Fact]
    public async Task A_transaction_under_way_during_the_backup_leaves_a_doubt()
    {
        var url = await DatabaseAsync(cluster);
        await using var source = PostgresSource.Create(url, "test");
        await using var writer = await source.OpenConnectionAsync(Token);
        await using var write = new NpgsqlCommand("BEGIN; INSERT INTO quiet VALUES (50, 'open')", writer);
        await write.ExecuteNonQueryAsync(Token);
        await TestDatabase.ExecuteAsync(url, "SELECT pg_current_xact_id()", Token);
        var manifest = await _site.BackupAsync(url);
        await using var commit = new NpgsqlCommand("COMMIT", writer);
        await commit.ExecuteNonQueryAsync(Token);

        var writes = await CountAsync(url, manifest);

        Assert.Equal([new TableWrites("public.quiet", 1, 0)], writes.Tables);
        Assert.Contains("under way", writes.WhyNotProvable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_database_than_the_one_backed_up_proves_nothing()
    {
        var (url, manifest) = await BackupAsync();

        Assert.False((await CountAsync(url, manifest with { SystemIdentifier = "7" })).IsZero);
        Assert.False((await CountAsync(url, manifest with { DatabaseId = 7 })).IsZero);
        Assert.False((await CountAsync(url, manifest with { DatabaseId = null })).IsZero);
    }

    [Fact]
    public async Task Later_rows_are_salvaged_before_the_swap_and_sequences_never_go_back()
    {
        var (url, manifest) = await BackupAsync();
        await TestDatabase.ExecuteAsync(
            url,
            """
            INSERT INTO notes SELECT n, E'a "b",\n' || n FROM generate_series(2001, 2003) AS n; UPDATE tags SET t = NULL WHERE id = 3;
            SELECT nextval('counter') FROM generate_series(1, 50)
            """,
            Token
        );

        var outcome = await Run().RunAsync(Request(url, manifest), Token);

        Assert.Equal(1, _asked);
        Assert.Equal(["p1"], outcome.ConfirmedBy);
        var salvage = System.Text.Json.JsonSerializer.Deserialize(
            await File.ReadAllTextAsync(Path.Combine(_site.Folder, outcome.Salvage!, "salvage.json"), Token),
            RestoreJson.Default.Salvage
        )!;
        Assert.Equal(
            [("public.notes", 3L), ("public.tags", 1L)],
            salvage.Tables.Select(table => (table.Table, table.Rows))
        );
        Assert.Equal(
            "id,t\n2001,\"a \"\"b\"\",\n2001\"\n2002,\"a \"\"b\"\",\n2002\"\n2003,\"a \"\"b\"\",\n2003\"\n",
            await ReadAsync(outcome, salvage.Tables[0])
        );
        Assert.Equal("id,t\n3,\n", await ReadAsync(outcome, salvage.Tables[1]));
        Assert.Equal(1000, await RestoreSite.CountAsync(url, "notes"));
        Assert.Equal(["57"], await RestoreSite.AskAsync(url, "SELECT last_value FROM counter"));
        Assert.Contains(outcome.Evidence, fact => fact is { Key: "rows lost at most", Value: "4" });
    }

    [Fact]
    public async Task The_replaced_database_is_kept_closed_and_the_new_one_is_as_open_as_it_was()
    {
        var (url, manifest) = await BackupAsync();
        var role = $"app_{Guid.NewGuid():N}";
        await TestDatabase.ExecuteAsync(
            url,
            $"""
            CREATE ROLE {role} LOGIN; REVOKE ALL ON DATABASE {url.Database} FROM PUBLIC; GRANT CONNECT ON DATABASE {url.Database} TO {role};
            ALTER DATABASE {url.Database} CONNECTION LIMIT 42; COMMENT ON DATABASE {url.Database} IS 'ours'
            """,
            Token
        );
        await using var server = await ServerSession.OpenAsync(url, Token);
        var before = (await DatabaseState.ReadAsync(server, url.Database, Token))!;

        var outcome = await Run().RunAsync(Request(url, manifest), Token);

        var after = (await DatabaseState.ReadAsync(server, url.Database, Token))!;
        Assert.Equal((before with { Id = 0, Grants = [] }), after with { Id = 0, Grants = [] }, Alike);
        Assert.Equal(before.Grants.Order(), after.Grants.Order());
        var replaced = (await DatabaseState.ReadAsync(server, outcome.Replaced, Token))!;
        Assert.Equal(before.Id, replaced.Id);
        Assert.False(replaced.TakesConnections);
        Assert.Contains($"drop after {outcome.DropAfter:yyyy-MM-dd}", replaced.Comment, StringComparison.Ordinal);
        Assert.Equal(1000, await RestoreSite.CountAsync(url with { User = role }, "(VALUES (1)) AS v") * 1000);

        static bool Alike(DatabaseState one, DatabaseState other) =>
            (one.Owner, one.TakesConnections, one.ConnectionLimit, one.Comment)
            == (other.Owner, other.TakesConnections, other.ConnectionLimit, other.Comment);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task An_interruption_at_any_phase_leaves_the_old_database_live_and_open(RestorePhase at)
    {
        var (url, manifest) = await BackupAsync();
        await TestDatabase.ExecuteAsync(url, "INSERT INTO notes VALUES (5000, 'late')", Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Run(phase => phase == at ? stop.CancelAsync() : Task.CompletedTask)
                .RunAsync(Request(url, manifest), stop.Token)
        );

        await IsAsBeforeAsync(url);
        Assert.Contains("is live as before", _site.Printed, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public async Task A_killed_run_leaves_a_live_database_and_the_next_one_tidies_up(RestorePhase at)
    {
        var (url, manifest) = await BackupAsync();
        await TestDatabase.ExecuteAsync(url, "INSERT INTO notes VALUES (5000, 'late')", Token);

        await KillAtAsync(url, manifest, at);

        await using (var server = await ServerSession.OpenAsync(url, Token))
        {
            Assert.NotNull(await DatabaseState.ReadAsync(server, url.Database, Token));
        }

        var state = await Run().FinishAsync(url, "test", Token);
        Assert.False(state!.IsSwapped);
        await IsAsBeforeAsync(url);
        Assert.Null(await Run().FinishAsync(url, "test", Token));
    }

    [Fact]
    public async Task A_run_killed_after_the_swap_is_done()
    {
        var (url, manifest) = await BackupAsync();

        await KillAtAsync(url, manifest, RestorePhase.Swapped);

        Assert.Equal(1000, await RestoreSite.CountAsync(url, "notes"));
        var state = await Run().FinishAsync(url, "test", Token);
        Assert.True(state!.IsSwapped);
        Assert.Single(await RestoreSite.BesideAsync(url));
    }

    [Fact]
    public async Task What_somebody_changed_by_hand_is_named_with_the_command_that_mends_it()
    {
        var (url, manifest) = await BackupAsync();
        await KillAtAsync(url, manifest, RestorePhase.Salvaged);
        await using var server = await ServerSession.OpenAsync(url, Token);
        await server.ExecuteAsync($"DROP DATABASE {url.Database}", Token);

        var error = await Assert.ThrowsAsync<SlipwayException>(() => Run().FinishAsync(url, "test", Token));

        Assert.Equal(ExitCode.NeedsPerson, error.ExitCode);
        Assert.Contains($"{url.Database}, number", error.Message, StringComparison.Ordinal);
        var restored = (await RestoreSite.BesideAsync(url)).Single();
        var mend = $"ALTER DATABASE \"{restored}\" RENAME TO \"{url.Database}\"";
        Assert.Contains(mend, error.Hint, StringComparison.Ordinal);
        await server.ExecuteAsync(mend, Token);
        Assert.True((await Run().FinishAsync(url, "test", Token))!.IsSwapped);
    }

    [Fact]
    public async Task A_server_that_restarts_while_the_database_is_closed_opens_it_again()
    {
        await using var own = new PostgresCluster();
        var url = await DatabaseAsync(own);
        var manifest = await _site.BackupAsync(url);
        await TestDatabase.ExecuteAsync(url, "INSERT INTO notes VALUES (5000, 'late')", Token);

        var error = await Assert.ThrowsAsync<RestoreFailedException>(() =>
            Run(phase => phase is RestorePhase.Fenced ? own.RestartAsync() : Task.CompletedTask)
                .RunAsync(Request(url, manifest), Token)
        );

        Assert.Contains("open again", error.Message, StringComparison.Ordinal);
        await IsAsBeforeAsync(url);
    }

    [Fact]
    public async Task Two_restores_at_once_are_refused()
    {
        var (url, manifest) = await BackupAsync();
        SlipwayException? second = null;

        await Run(async phase =>
            {
                if (phase is RestorePhase.Compared)
                {
                    second = await Assert.ThrowsAnyAsync<SlipwayException>(() =>
                        Run().RunAsync(Request(url, manifest), Token)
                    );
                }
            })
            .RunAsync(Request(url, manifest), Token);

        Assert.Equal(ExitCode.Refused, second!.ExitCode);
        Assert.Contains("another run", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deploy_is_refused_from_the_beginning_of_a_restore_to_its_end()
    {
        var (url, manifest) = await BackupAsync();
        await TestDatabase.ExecuteAsync(url, "INSERT INTO notes VALUES (5000, 'late')", Token);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var beats = new SemaphoreSlim(0);
        var store = new WatchedStore(_site.Store);
        await using var held = await AcquireAsync(url, store, time);
        store.Writing = () =>
        {
            beats.Release();
            return Task.CompletedTask;
        };
        var refused = new List<RestorePhase>();

        await Run(async phase =>
            {
                var error = await Assert.ThrowsAsync<SlipwayException>(() => AcquireAsync(url, _site.Store, time));
                Assert.Equal(ExitCode.Refused, error.ExitCode);
                Assert.Contains("is taken", error.Message, StringComparison.Ordinal);
                refused.Add(phase);
            })
            .RunAsync(Request(url, manifest), Token);

        Assert.Equal(Enum.GetValues<RestorePhase>(), refused);
        await Assert.ThrowsAsync<SlipwayException>(() => AcquireAsync(url, _site.Store, time));
        time.Advance(TimeSpan.FromSeconds(10));
        await beats.WaitAsync(Token);
        time.Advance(TimeSpan.FromSeconds(10));
        await beats.WaitAsync(Token);
        Assert.False(held.Lost.IsCancellationRequested);
        Assert.Null(held.LostBecause);
        await held.ReleaseAsync(Token);
        await using var next = await AcquireAsync(url, _site.Store, time);
    }

    [Fact]
    public async Task A_loss_that_nobody_confirms_is_refused()
    {
        var (url, manifest) = await BackupAsync();
        await TestDatabase.ExecuteAsync(url, "INSERT INTO notes VALUES (5000, 'late')", Token);
        foreach (
            var (answers, canAsk) in new[]
            {
                ("", false),
                ("", true),
                ($"ann\n{url.Database}\nANN\n", true),
                ($"ann\n{url.Database}\nbob\nyes\n", true),
            }
        )
        {
            var confirmation = new RestoreConfirmation(_site.Output, new StringReader(answers), canAsk);
            var run = new RestoreRun(_site.Restorer, confirmation.AskAsync);

            var error = await Assert.ThrowsAsync<RestoreFailedException>(() =>
                run.RunAsync(Request(url, manifest, approvalRequired: true), Token)
            );

            Assert.Equal(ExitCode.Refused, error.ExitCode);
            await IsAsBeforeAsync(url);
        }

        var two = new RestoreConfirmation(
            _site.Output,
            new StringReader($"ann\n{url.Database}\nbob\n{url.Database}\n"),
            canAsk: true
        );
        var outcome = await new RestoreRun(_site.Restorer, two.AskAsync).RunAsync(
            Request(url, manifest, approvalRequired: true),
            Token
        );
        Assert.Equal(["ann", "bob"], outcome.ConfirmedBy);
    }

    [Fact]
    public async Task What_is_written_after_nothing_was_proven_stops_it()
    {
        var (url, manifest) = await BackupAsync();

        var error = await Assert.ThrowsAsync<RestoreFailedException>(() =>
            Run(phase =>
                    phase is RestorePhase.Confirmed
                        ? TestDatabase.ExecuteAsync(url, "INSERT INTO notes VALUES (5000, 'late')", Token)
                        : Task.CompletedTask
                )
                .RunAsync(Request(url, manifest), Token)
        );

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        await IsAsBeforeAsync(url);
    }

    [Fact]
    public async Task Swaps_under_constant_connections_and_loses_no_row_unseen()
    {
        var (url, manifest) = await BackupAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var clients = Enumerable.Range(0, 4).Select(at => WriteAsync(url, 10_000 * (at + 1), stop.Token)).ToList();

        var outcome = await Run().RunAsync(Request(url, manifest), Token);
        await Task.Delay(50, Token);
        await stop.CancelAsync();
        var acknowledged = (await Task.WhenAll(clients)).SelectMany(ids => ids).ToList();

        await using var server = await ServerSession.OpenAsync(url, Token);
        await server.ExecuteAsync($"ALTER DATABASE {outcome.Replaced} ALLOW_CONNECTIONS true", Token);
        var all = (await RestoreSite.AskAsync(url with { Database = outcome.Replaced }, "SELECT id FROM notes"))
            .Concat(await RestoreSite.AskAsync(url, "SELECT id FROM notes"))
            .ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(acknowledged);
        Assert.All(acknowledged, id => Assert.Contains($"{id}", all));
        Assert.True(outcome.Downtime < TimeSpan.FromSeconds(10), $"{outcome.Downtime}");
    }

    [Fact]
    public async Task A_backup_that_does_not_restore_changes_nothing()
    {
        var (url, manifest) = await BackupAsync();
        await _site.DamageAsync(manifest);

        var error = await Assert.ThrowsAsync<RestoreFailedException>(() =>
            Run().RunAsync(Request(url, manifest), Token)
        );

        Assert.True(error.IsFaultOfBackup);
        Assert.Contains($"database {url.Database} is live as before", error.Message, StringComparison.Ordinal);
        Assert.Empty(await RestoreSite.BesideAsync(url));
    }

    [Fact]
    public async Task A_database_that_is_not_ours_to_rename_is_refused_at_once()
    {
        var (url, manifest) = await BackupAsync();
        var role = $"guest_{Guid.NewGuid():N}";
        await TestDatabase.ExecuteAsync(url, $"CREATE ROLE {role} LOGIN CREATEDB", Token);

        var error = await Assert.ThrowsAsync<SlipwayException>(() =>
            Run().RunAsync(Request(url with { User = role }, manifest), Token)
        );

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("neither is superuser", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _site.Dispose();

    private RestoreRun Run(Func<RestorePhase, Task>? reached = null) =>
        new(
            _site.Restorer,
            (question, _) =>
            {
                _asked++;
                return Task.FromResult<IReadOnlyList<string>>([
                    .. Enumerable.Range(1, question.Decision.Persons).Select(person => $"p{person}"),
                ]);
            }
        )
        {
            Reached = (phase, token) =>
            {
                var task = reached?.Invoke(phase) ?? Task.CompletedTask;
                token.ThrowIfCancellationRequested();
                return task;
            },
        };

    private static Task<DeployLock> AcquireAsync(DatabaseUrl url, IObjectStore store, TimeProvider time) =>
        DeployLock.AcquireAsync(store, "test", url, RunId.New(TimeProvider.System), takeHeld: false, time, Token);

    private static RestoreRequest Request(DatabaseUrl url, BackupManifest manifest, bool approvalRequired = false) =>
        new(manifest, url, "test", approvalRequired);

    private static async Task<DatabaseUrl> DatabaseAsync(PostgresCluster server)
    {
        var url = await TestDatabase.CreateAsync(server, Token);
        await TestDatabase.ExecuteAsync(
            url,
            """
            CREATE TABLE notes AS SELECT n AS id, md5(n::text) AS t FROM generate_series(1, 1000) AS n; ALTER TABLE notes ADD PRIMARY KEY (id);
            CREATE TABLE tags AS SELECT n AS id, 'x' AS t FROM generate_series(1, 100) AS n;
            CREATE TABLE gone AS SELECT n AS id, 'x' AS t FROM generate_series(1, 10) AS n;
            CREATE TABLE quiet AS SELECT n AS id, 'x' AS t FROM generate_series(1, 10) AS n;
            CREATE SEQUENCE counter; SELECT setval('counter', 7)
            """,
            Token
        );
        return url;
    }

    // Alone on the server for a moment: a neighbour's transaction under way would leave a doubt.
    private async Task<(DatabaseUrl Url, BackupManifest Manifest)> BackupAsync()
    {
        var url = await DatabaseAsync(cluster);
        while (true)
        {
            var manifest = await _site.BackupAsync(url);
            if (TransactionSnapshot.Parse(manifest.Snapshot).Running == 0)
            {
                return (url, manifest);
            }
        }
    }

    private static async Task<WritesSince> CountAsync(DatabaseUrl url, BackupManifest manifest)
    {
        await using var session = await ServerSession.ConnectAsync(url, url.Database, Token);
        return await new WritesCounter(session, manifest, TimeProvider.System).CountAsync(0, Token);
    }

    private async Task<string> ReadAsync(RestoreOutcome outcome, SalvagedTable table)
    {
        await using var stored = File.OpenRead(Path.Combine(_site.Folder, outcome.Salvage!, table.File.Name));
        Assert.EndsWith(".csv.zst.age", table.File.Name, StringComparison.Ordinal);
        await using var plain = await new ArchiveReader(_site.Options.Key).OpenAsync(table.File, stored, Token);
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync(Token);
    }

    private static async Task IsAsBeforeAsync(DatabaseUrl url)
    {
        Assert.Empty(await RestoreSite.BesideAsync(url));
        Assert.Equal(1001, await RestoreSite.CountAsync(url, "notes"));
        Assert.Equal(
            [""],
            await RestoreSite.AskAsync(url, "SELECT datacl::text FROM pg_database WHERE datname = current_database()")
        );
    }

    // What a killed process leaves: its sessions end, and none of its own tidying up is done.
    private async Task KillAtAsync(DatabaseUrl url, BackupManifest manifest, RestorePhase at)
    {
        var reached = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        _ = Run(phase =>
            {
                if (phase != at)
                {
                    return Task.CompletedTask;
                }

                reached.SetResult();
                return never.Task;
            })
            .RunAsync(Request(url, manifest), CancellationToken.None);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        var beside = url with { Database = "template1" };
        var holder =
            $"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid::bigint + (classid::bigint << 32) = {ServerSession.LockNumber(url.Database)}";
        var inside =
            $"SELECT pid FROM pg_stat_activity WHERE datname = '{url.Database}' AND application_name = 'slipway restore'";
        await RestoreSite.AskAsync(
            beside,
            $"SELECT pg_terminate_backend(pid)::text FROM ({holder} UNION ALL {inside}) AS sessions"
        );
        while ((await RestoreSite.AskAsync(beside, $"{holder} UNION ALL {inside}")).Count > 0)
        {
            await Task.Delay(10, Token);
        }
    }

    // A new connection for every row, as an application without a pool.
    private static async Task<IReadOnlyList<int>> WriteAsync(
        DatabaseUrl url,
        int first,
        CancellationToken cancellationToken
    )
    {
        var written = new List<int>();
        await using var source = PostgresSource.Create(url, "client");
        for (var id = first; !cancellationToken.IsCancellationRequested; id++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
                await using var command = new NpgsqlCommand($"INSERT INTO notes VALUES ({id}, 'w')", connection);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
                written.Add(id);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(2, CancellationToken.None);
            }
        }

        return written;
    }
}
