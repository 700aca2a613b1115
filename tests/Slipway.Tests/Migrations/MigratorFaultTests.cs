using Microsoft.Extensions.Time.Testing;
using Slipway.Migrations;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Migrations.Formats;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

/// <summary>
/// A deploy that is disturbed at the first place, at the second, and so on until none is left: what it tells is what is there, the
/// status names it, and the next run completes it, everything once.
/// </summary>
[Trait("Needs", "Server")]
public sealed class MigratorFaultTests(PostgresCluster cluster)
{
    // All that migrations left, but for the history, with what each did to the rows.
    private const string Left = """
        SELECT coalesce(string_agg(concat_ws(' ', c.relname, a.attname, i.indisvalid), ', ' ORDER BY c.relname, a.attnum), 'nothing')
        FROM pg_class c
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN pg_index i ON i.indexrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ 'migrations|progress'
        """;

    private const string Rows = "SELECT concat_ws(' ', count(*), sum(id), sum(n)) FROM a";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("prisma", Fault.Killed)]
    [InlineData("prisma", Fault.AnswerLost)]
    [InlineData("dbmate", Fault.RequestLost)]
    public async Task Tells_what_is_there_wherever_its_connection_is_lost(string format, Fault fault)
    {
        await SweepAsync(
            cluster,
            format,
            mayNotKnow: fault is Fault.Killed,
            async (url, project, at) =>
            {
                var sent = 0;
                await using var proxy = new FaultyProxy(url.Port, fault, _ => Interlocked.Increment(ref sent) == at);
                var time = new FakeTimeProvider();
                var deploy = RunAsync(
                    url with
                    {
                        Port = proxy.Port,
                    },
                    project,
                    fault is Fault.Killed ? time : TimeProvider.System,
                    Token
                );
                while (fault is Fault.Killed && !deploy.IsCompleted)
                {
                    // Who was killed waits for nothing.
                    time.Advance(sent < at ? TimeSpan.Zero : TimeSpan.FromMinutes(1));
                    await Task.WhenAny(deploy, Task.Delay(5, Token));
                }

                var told = await deploy;
                return (sent >= at, told);
            }
        );
    }

    [Fact]
    public async Task Tells_what_is_there_wherever_it_is_cancelled()
    {
        await SweepAsync(
            cluster,
            "prisma",
            mayNotKnow: false,
            async (url, project, at) =>
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
                var sent = 0;
                await using var proxy = new FaultyProxy(
                    url.Port,
                    Fault.RequestLost,
                    _ =>
                    {
                        if (Interlocked.Increment(ref sent) == at)
                        {
                            stop.Cancel();
                        }

                        return false;
                    }
                );
                var told = await RunAsync(url with { Port = proxy.Port }, project, TimeProvider.System, stop.Token);
                return (sent >= at, told);
            }
        );
    }

    [Fact]
    public async Task Tells_what_is_there_wherever_the_server_crashes()
    {
        await using var own = new PostgresCluster();
        await SweepAsync(
            own,
            "prisma",
            mayNotKnow: false,
            async (url, project, at) =>
            {
                var reached = 0;
                var hook = new StatementHook((_, _) => CrashAsync(), (_, _) => CrashAsync());
                var told = await RunAsync(url, project, TimeProvider.System, Token, hook);
                return (reached >= at, told);

                Task CrashAsync() => ++reached == at ? own.RestartAsync() : Task.CompletedTask;
            }
        );
    }

    private static async Task SweepAsync(
        PostgresCluster cluster,
        string format,
        bool mayNotKnow,
        Func<DatabaseUrl, FormatProject, int, Task<(bool IsDisturbed, Exception? Told)>> deployAsync
    )
    {
        using var project = new FormatProject(format);
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await EmptyAsync(url);
        var left = new List<string?> { "nothing" };
        foreach (var write in Migrations(project))
        {
            write();
            Assert.Null(await RunAsync(url, project, TimeProvider.System, Token));
            left.Add(await TestDatabase.ScalarAsync<string>(url, Left, Token));
        }

        var (schema, rows) = (await SchemaDump.OfAsync(url), await TestDatabase.ScalarAsync<string>(url, Rows, Token));
        var (wrong, at, isDisturbed) = (new List<string>(), 0, true);
        while (isDisturbed)
        {
            at++;
            await EmptyAsync(url);
            (isDisturbed, var told) = await deployAsync(url, project, at);
            try
            {
                await IsTrueAsync(url, project, told, left, mayNotKnow);
                Assert.Null(await RunAsync(url, project, TimeProvider.System, Token));
                Assert.Equal(ExitCode.Done, (await Migrator.StatusAsync(url, project.Settings, Token)).ExitCode);
                Assert.Equal(schema, await SchemaDump.OfAsync(url));
                Assert.Equal(rows, await TestDatabase.ScalarAsync<string>(url, Rows, Token));
            }
            catch (Exception exception) when (exception is Xunit.Sdk.XunitException or SlipwayException)
            {
                wrong.Add($"at {at} it told {told?.Message ?? "that all was done"}, but: {exception.Message}");
            }
        }

        Assert.True(wrong.Count == 0, $"disturbed {at - 1} times:\n{string.Join('\n', wrong)}");
        // There are eleven statements, and something before and after each.
        Assert.True(at > 22, $"disturbed {at - 1} times only");
    }

    private static Task EmptyAsync(DatabaseUrl url) =>
        TestDatabase.ExecuteAsync(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", Token);

    // What was told, against what is there and what the status says.
    private static async Task IsTrueAsync(
        DatabaseUrl url,
        FormatProject project,
        Exception? told,
        List<string?> left,
        bool mayNotKnow
    )
    {
        await HasEndedAsync(url);
        var status = await Migrator.StatusAsync(url, project.Settings, Token);
        var applied = status.Entries.Where(entry => entry.Sequence is not null).Select(entry => entry.Name).ToList();
        var now = await TestDatabase.ScalarAsync<string>(url, Left, Token);
        if (told is MigrationFailedException failed)
        {
            if (failed.Failure.State is MigrationState.Unknown)
            {
                Assert.True(mayNotKnow, "it could have known");
                return;
            }

            Assert.Equal(applied, failed.AppliedBefore.Select(one => one.Name));
            var condition = status.Entries.Single(entry => entry.Name == failed.Migration).Condition;
            Assert.Equal(failed.HalfApplied, condition is MigrationCondition.Interrupted);
            Assert.True(failed.HalfApplied || status.Pending.Contains(failed.Migration), $"{condition}");
            Assert.True(failed.HalfApplied || left[applied.Count] == now, now);
        }
        else if (told is null)
        {
            Assert.Equal(ExitCode.Done, status.ExitCode);
        }
        else
        {
            Assert.True(told is SlipwayException or OperationCanceledException, $"{told}");
            Assert.Equal(("nothing", 0), (now, applied.Count));
        }
    }

    private static async Task HasEndedAsync(DatabaseUrl url)
    {
        const string Sessions =
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'slipway m%' AND datname = current_database())";
        while (await TestDatabase.ScalarAsync<bool>(url, Sessions, Token))
        {
            await Task.Delay(10, Token);
        }
    }

    private static Action[] Migrations(FormatProject project) =>
        [
            () =>
                project.Add(
                    1,
                    "a",
                    "CREATE TABLE a (id int, n int DEFAULT 0);\nINSERT INTO a SELECT generate_series(1, 100);\nCREATE INDEX a_n ON a (n);"
                ),
            () =>
                project.Add(
                    2,
                    "b",
                    """
                    ALTER TABLE a ADD x int;
                    CREATE INDEX CONCURRENTLY a_x ON a (x);
                    UPDATE a SET n = n + 1;
                    DROP INDEX CONCURRENTLY a_n;
                    CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);
                    INSERT INTO a VALUES (101);
                    """,
                    transaction: false
                ),
            () => project.Add(3, "c", "CREATE TABLE c (id int);\nUPDATE a SET n = n + 10;"),
        ];

    private static async Task<Exception?> RunAsync(
        DatabaseUrl url,
        FormatProject project,
        TimeProvider time,
        CancellationToken cancellationToken,
        StatementHook? hook = null
    )
    {
        var output = new RunOutput(TextWriter.Null, false, time);
        return await Record.ExceptionAsync(async () =>
        {
            var status = await Migrator.StatusAsync(url, project.Settings, cancellationToken);
            await new Migrator(output) { Hook = hook }.DeployAsync(
                url,
                project.Settings,
                status.Planned,
                cancellationToken
            );
        });
    }
}
