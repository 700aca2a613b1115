using Microsoft.Extensions.Time.Testing;
using Slipway.Backups;
using Slipway.Backups.Status;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;
using static Slipway.Tests.Backups.BackupSamples;

namespace Slipway.Tests.Backups.Status;

public sealed class BackupStatusCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _printed = new();
    private readonly FakeTimeProvider _time = new(Now);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FileStore Store => new(_folder["store"]);

    private RunOutput Output => new(_printed, interactive: false, _time);

    private BackupCatalog Catalog => new(Store, "test", Output);

    [Fact]
    public async Task Counts_every_backup_that_was_begun()
    {
        await RecordAsync("1", ("PreBackup", "Succeeded"), ("MigrateDeploy", "Failed"));
        await RecordAsync("2", ("PreBackup", "Failed"));
        await RecordAsync("3", ("PreBackup", "Skipped"));
        await RecordAsync("4", ("PreBackup", "NothingToDo"));
        await RecordAsync("5", ("PreBackup", "Aborted"));
        await RecordAsync("6", ("PreBackup", null));
        await RecordAsync("7", ("Backup", "Succeeded"));
        await RecordAsync("8", ("Backup", null));
        await PutAsync("runs/test/9.jsonl", "no record\n"u8.ToArray());
        await LeaseAsync("8");
        await Catalog.AddAsync(Manifest(Now.AddHours(1)), Token);

        var attempts = await BackupAttempts.ReadAsync(Store, "test", await Catalog.ListAsync(Token), Output, Token);

        Assert.Equal(
            [
                (true, null),
                (false, "no space"),
                (false, "Aborted"),
                (false, "the run died"),
                (true, null),
                (true, null),
            ],
            attempts.Select(attempt => (attempt.Succeeded, attempt.Reason))
        );
        Assert.Contains("WARNING: what run 9 did is not counted", _printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prints_and_measures_and_leaves_no_half_file()
    {
        await AddVerifiedAsync();
        var path = _folder["metrics/slipway_backup.prom"];

        Assert.Equal(ExitCode.Failed, await CheckAsync(json: false, path));
        Assert.Equal(ExitCode.Failed, await CheckAsync(json: false, path));

        Assert.Equal([path], Directory.GetFiles(_folder["metrics"]));
        var metrics = await File.ReadAllTextAsync(path, Token);
        Assert.Contains(
            "slipway_backups_total{environment=\"test\",result=\"success\"} 1\n",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Contains("restore test", _printed.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead));
        }
    }

    [Fact]
    public async Task Is_done_when_nothing_is_to_be_done()
    {
        var started = await AddVerifiedAsync();
        await Catalog.AddAsync(Restored(started, started.AddMinutes(10)), Token);

        Assert.Equal(ExitCode.Done, await CheckAsync(json: true, null));

        Assert.DoesNotContain("warn", _printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speaks_of_its_metrics_as_the_alerts_do()
    {
        await AddVerifiedAsync();
        var facts = await Check().ObserveAsync(Token);
        string[] alerts =
        [
            "slipway_backup_last_success_timestamp_seconds",
            "slipway_backup_size_bytes",
            "slipway_backup_duration_seconds",
            "slipway_backups_total",
        ];

        var text = BackupMetrics.Text(facts, BackupJudge.Judge(facts));

        Assert.All(alerts, name => Assert.Contains($"# TYPE {name} ", text, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _printed.Dispose();
    }

    private BackupStatusCheck Check()
    {
        var key = Copying.Keys.Of(1);
        return new(Store, Catalog, new BackupSettings(true, 7, null), new BackupOptions { Key = key }, Output);
    }

    private Task<ExitCode> CheckAsync(bool json, string? metrics) => Check().RunAsync(json, metrics, Token);

    private async Task<DateTimeOffset> AddVerifiedAsync()
    {
        var started = Now.AddHours(-1);
        await Catalog.AddAsync(Manifest(started) with { Keys = Copying.Keys.Of(1).KeyIds }, Token);
        await Catalog.AddAsync(ReadBack(started), Token);
        return started;
    }

    private async Task RecordAsync(string run, params (string Step, string? Outcome)[] steps)
    {
        var recorder = new RunRecorder(_folder["records"], Store, "test", new(run), new([]), _time);
        await recorder.AppendAsync(RunEvent.RunStarted);
        foreach (var (step, outcome) in steps)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await recorder.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", step));
            if (outcome is not null)
            {
                List<KeyValuePair<string, string>> facts = [new("step", step), new("outcome", outcome)];
                if (outcome is "Failed")
                {
                    facts.Add(new("error", "no space"));
                }

                await recorder.AppendAsync(RunEvent.StepFinished, facts);
            }
        }
    }

    private Task LeaseAsync(string run) =>
        PutAsync(
            "locks/test.json",
            new DeployLease
            {
                Run = run,
                Holder = "somebody@somewhere",
                ProcessId = 1,
                Since = Now,
                Heartbeat = Now,
            }.ToJson()
        );

    private Task PutAsync(string key, byte[] content) =>
        Store.PutAsync(key, (stream, token) => stream.WriteAsync(content, token).AsTask(), Token);
}
