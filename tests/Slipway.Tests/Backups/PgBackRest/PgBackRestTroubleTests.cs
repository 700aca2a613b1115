using Slipway.Backups.PgBackRest;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

/// <summary>What goes wrong in the middle; every test leaves the server able to take the next backup.</summary>
[Trait("Needs", "Server")]
public sealed class PgBackRestTroubleTests(BackedUpServer server) : IClassFixture<BackedUpServer>
{
    private const string Middle = "backup start archive";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PgBackRestEngine Engine => server.Engine;

    private string RepositoryFolder => ((FolderRepository)server.Settings.Repository).Path;

    [Fact]
    public async Task Goes_on_after_a_backup_was_killed_in_the_middle()
    {
        await server.UpAsync();

        var killed = await Assert.ThrowsAsync<PgBackRestException>(() =>
            BackupAsync(process => Signal("KILL", process))
        );
        var next = await Engine.BackupAsync(BackupType.Full, null, Stop);

        Assert.Equal(128 + 9, killed.Code);
        Assert.True((await Engine.VerifyAsync(Stop)).IsGood);
        Assert.Equal(next, (await Engine.InfoAsync(Stop)).Latest);
    }

    [Fact]
    public async Task Goes_on_after_a_backup_was_cancelled()
    {
        await server.UpAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Engine.BackupAsync(
                BackupType.Full,
                line =>
                {
                    if (line.Contains(Middle, StringComparison.Ordinal))
                    {
                        stop.Cancel();
                    }
                },
                stop.Token
            )
        );

        Assert.Null(LockHolder.Of(server.Settings));
        await Engine.BackupAsync(BackupType.Incremental, null, Stop);
    }

    [Fact]
    public async Task Refuses_a_second_backup_and_names_the_first()
    {
        await server.UpAsync();
        var second = default(PgBackRestException);
        var isSeen = false;

        await BackupAsync(async _ =>
        {
            second = await Assert.ThrowsAsync<PgBackRestException>(() =>
                Engine.BackupAsync(BackupType.Full, null, Stop)
            );
            isSeen = (await Engine.InfoAsync(Stop)).IsBackupRunning;
        });

        Assert.Equal((50, ExitCode.Refused, true), (second!.Code, second.ExitCode, isSeen));
        Assert.Matches(@"process \d+ \(.*backup .*\) holds it", second.Message);
    }

    [Fact]
    public async Task Fails_when_the_server_restarts_and_goes_on_afterwards()
    {
        await server.UpAsync();

        var failed = await Assert.ThrowsAsync<PgBackRestException>(() =>
            BackupAsync(async _ =>
            {
                await server.RestartAsync("immediate");
            })
        );

        Assert.True(failed.Code is 56 or 57, failed.Message);
        await Engine.BackupAsync(BackupType.Full, null, Stop);
    }

    [Fact]
    public async Task Sees_that_archiving_fails_and_that_it_does_again()
    {
        await server.UpAsync();
        var reader = new ArchiveReader(Engine);
        var folder = Path.Combine(RepositoryFolder, "archive", server.Settings.Stanza);
        await server.ArchiveAsync();
        await RepositoryAsync("u-w");

        await server.DoAsync("SELECT pg_create_restore_point('x'); SELECT pg_switch_wal()");
        var findings = await WaitAsync(found =>
            found.Any(finding => finding.Text.Contains("[13]", StringComparison.Ordinal))
        );
        await RepositoryAsync("u+w");
        var healed = await WaitAsync(found => found.Count == 0);

        Assert.Empty(healed);
        Assert.Contains(findings, finding => finding.Condition is ArchiveCondition.Failing);

        Task RepositoryAsync(string mode) => BackedUpServer.RunAsync("chmod", ["-R", mode, folder]);

        async Task<IReadOnlyList<ArchiveFinding>> WaitAsync(Func<IReadOnlyList<ArchiveFinding>, bool> isSeen)
        {
            for (var waits = 0; ; waits++)
            {
                var found = ArchiveJudge.Judge(await reader.ReadAsync(server.Url, Stop), new());
                if (isSeen(found))
                {
                    return found;
                }

                Assert.True(waits < 300, string.Join('\n', found));
                await Task.Delay(100, Stop);
            }
        }
    }

    [Fact]
    public async Task Stops_and_starts()
    {
        await server.UpAsync();
        await Engine.StopAsync(Stop);

        var stopped = await Assert.ThrowsAsync<PgBackRestException>(() =>
            Engine.BackupAsync(BackupType.Full, null, Stop)
        );
        await Engine.StartAsync(Stop);
        await Engine.StartAsync(Stop);

        Assert.Equal((62, ExitCode.Refused), (stopped.Code, stopped.ExitCode));
        await Engine.CheckAsync(Stop);
    }

    [Fact]
    public async Task Says_which_stanza_belongs_to_another_server()
    {
        await server.UpAsync();
        await using var other = new BackedUpServer();
        await other.UpAsync();
        using var copy = new TemporaryFolder();
        var settings = other.Settings with
        {
            Folder = (await server.WithCopyAsync(copy)).Folder,
            Repository = new FolderRepository(copy["repository"]),
        };

        var exception = await Assert.ThrowsAsync<PgBackRestException>(() =>
            new PgBackRestEngine(settings, BackedUpServer.Processes).CreateStanzaAsync(Stop)
        );

        Assert.True(exception.Code is 28 or 44 or 51, exception.Message);
        Assert.Contains("belongs to another server", exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_what_would_expire_and_removes_it_only_when_told()
    {
        await server.UpAsync();
        var older = await Engine.BackupAsync(BackupType.Full, null, Stop);
        var newer = await Engine.BackupAsync(BackupType.Full, null, Stop);
        using var copy = new TemporaryFolder();
        var settings = await server.WithCopyAsync(copy);
        var engine = new PgBackRestEngine(settings with { KeepFull = 1 }, BackedUpServer.Processes);

        var told = await engine.ExpireAsync(isDryRun: true, Stop);
        var before = await engine.InfoAsync(Stop);
        var removed = await engine.ExpireAsync(isDryRun: false, Stop);
        var after = await engine.InfoAsync(Stop);

        Assert.Contains(older.Label, told);
        Assert.Equal(told, removed);
        Assert.Contains(older, before.Backups);
        Assert.Equal([newer], after.Backups);
        Assert.True((await engine.VerifyAsync(Stop)).IsGood);
    }

    [Fact]
    public async Task Says_that_pages_of_the_database_are_damaged()
    {
        await server.UpAsync();
        await using var other = new BackedUpServer();
        await other.UpAsync();
        await other.DoAsync("CREATE TABLE t AS SELECT generate_series(1, 10000) i");
        await other.DoAsync("CHECKPOINT");
        var file = Path.Combine(
            other.Settings.DataFolder,
            await other.AskAsync<string>("SELECT pg_relation_filepath('t')")
        );
        await using (var stream = File.Open(file, FileMode.Open))
        {
            stream.Position = 8000;
            stream.WriteByte(0xA5);
        }

        var exception = await Assert.ThrowsAsync<PgBackRestException>(() =>
            other.Engine.BackupAsync(BackupType.Full, null, Stop)
        );

        Assert.Contains("the database itself is damaged", exception.Message, StringComparison.Ordinal);
        Assert.Null((await other.Engine.InfoAsync(Stop)).Latest);
        await Assert.ThrowsAsync<PgBackRestException>(() =>
            other.Engine.RestoreAsync(new("/tmp/never-made", RestoreTarget.Latest), null, Stop)
        );
    }

    private Task BackupAsync(Action<int> middle) =>
        BackupAsync(process =>
        {
            middle(process);
            return Task.CompletedTask;
        });

    /// <summary>Takes a backup and does something once it copies.</summary>
    private async Task BackupAsync(Func<int, Task> middle)
    {
        var begun = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var backup = Engine.BackupAsync(
            BackupType.Full,
            line =>
            {
                if (line.Contains(Middle, StringComparison.Ordinal))
                {
                    // It is held here, lest it is done before anything can happen to it.
                    var holder = LockHolder.Of(server.Settings)!.Process;
                    Signal("STOP", holder);
                    begun.SetResult(holder);
                }
            },
            Stop
        );
        if (await Task.WhenAny(begun.Task, backup) == backup)
        {
            await backup;
        }

        var process = await begun.Task;
        try
        {
            await middle(process);
        }
        finally
        {
            Signal("CONT", process);
        }

        await backup;
    }

    private static void Signal(string name, int process)
    {
        using var kill = System.Diagnostics.Process.Start("sh", ["-c", $"kill -{name} {process} 2>/dev/null"]);
        kill.WaitForExit();
    }
}
