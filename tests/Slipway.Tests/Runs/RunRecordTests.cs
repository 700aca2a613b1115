using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Slipway.Reports;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Tests.Runs;

public sealed class RunRecordTests : IDisposable
{
    private static readonly RunId Id = new("20260101T000000Z-0001");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-record-");
    private readonly FakeTimeProvider _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Runs => Path.Combine(_folder.FullName, "runs");

    private FileStore Store => new(Path.Combine(_folder.FullName, "store"));

    [Fact]
    public async Task Is_on_the_disk_and_in_the_store_after_every_event()
    {
        var recorder = Recorder();

        await recorder.AppendAsync(RunEvent.RunStarted, KeyValuePair.Create("release", "r1"));
        await recorder.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", "PreBackup"));

        var token = TestContext.Current.CancellationToken;
        var kept = await new RunStore(Store, "test", Runs).ReadAsync(Id, token);
        Assert.Equal(2, RunRecord.Parse(Id, await File.ReadAllTextAsync(recorder.Path, token)).Events.Count);
        Assert.Equal("PreBackup", kept!.RunningStep);
        Assert.False(kept.IsFinished);
        Assert.Null(recorder.StoreProblem);
    }

    [Fact]
    public async Task Survives_a_store_that_cannot_be_written_and_says_so()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "store"),
            "in the way",
            TestContext.Current.CancellationToken
        );
        var recorder = Recorder();

        await recorder.AppendAsync(RunEvent.RunStarted);

        Assert.NotNull(recorder.StoreProblem);
        Assert.True(File.Exists(recorder.Path));
    }

    [Fact]
    public async Task Tells_of_a_file_that_cannot_be_written_though_the_store_has_it()
    {
        await File.WriteAllTextAsync(Runs, "in the way", Token);
        var recorder = Recorder();

        await recorder.AppendAsync(RunEvent.RunStarted);

        Assert.NotNull(recorder.LocalProblem);
        Assert.Null(recorder.StoreProblem);
        Assert.Single((await new RunStore(Store, "test", Runs).ReadAsync(Id, Token))!.Events);
    }

    [Fact]
    public async Task Goes_on_where_a_failed_write_left_the_file()
    {
        var recorder = Recorder();
        await recorder.AppendAsync(RunEvent.RunStarted, KeyValuePair.Create("release", "r1"));
        Directory.Move(Runs, $"{Runs}.away");
        await File.WriteAllTextAsync(Runs, "in the way", Token);
        await recorder.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", "Test"));
        Assert.NotNull(recorder.LocalProblem);
        File.Delete(Runs);
        Directory.Move($"{Runs}.away", Runs);
        await File.AppendAllTextAsync(recorder.Path, "{\"schema\":1,\"seq\"", Token);

        await recorder.AppendAsync(RunEvent.RunFinished);

        Assert.Null(recorder.LocalProblem);
        Assert.Equal(3, RunRecord.Parse(Id, await File.ReadAllTextAsync(recorder.Path, Token)).Events.Count);
    }

    [Fact]
    public async Task Never_empties_its_file()
    {
        var recorder = Recorder();
        await recorder.AppendAsync(RunEvent.RunStarted);
        await using var reader = new FileStream(
            recorder.Path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        var before = reader.Length;
        var shortest = before;
        using var over = new CancellationTokenSource();
        var watch = Task.Run(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    shortest = Math.Min(shortest, reader.Length);
                }
            },
            Token
        );

        for (var step = 0; step < 200; step++)
        {
            await recorder.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", "Test"));
        }

        await over.CancelAsync();
        await watch;
        Assert.Equal(before, shortest);
    }

    [Fact]
    public async Task Goes_on_with_the_longer_copy()
    {
        var dead = Recorder();
        await dead.AppendAsync(RunEvent.RunStarted, KeyValuePair.Create("release", "r1"));
        var stored = Path.Combine(_folder.FullName, "store");
        Directory.Move(stored, $"{stored}.away");
        await File.WriteAllTextAsync(stored, "in the way", Token);
        await dead.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", "DeployApp"));
        File.Delete(stored);
        Directory.Move($"{stored}.away", stored);

        var found = await new RunStore(Store, "test", Runs).ReadAsync(Id, Token);
        var next = Recorder();
        next.Continue(found!);
        await next.AppendAsync(RunEvent.RunFinished);

        Assert.Equal("DeployApp", found!.RunningStep);
        Assert.Equal(3, RunRecord.Parse(Id, await File.ReadAllTextAsync(next.Path, Token)).Events.Count);
        Assert.Equal(3, (await new RunStore(Store, "test", Path.GetTempPath()).ReadAsync(Id, Token))!.Events.Count);
    }

    [Fact]
    public async Task Is_nobody_elses_to_read()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var recorder = Recorder();
        await recorder.AppendAsync(RunEvent.RunStarted);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(recorder.Path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Runs)
        );
    }

    [Fact]
    public async Task Holds_no_secret_whatever_a_step_quoted()
    {
        var recorder = Recorder(new("p/w ord\"1"), new("swordfish"));

        await recorder.AppendAsync(
            RunEvent.StepFinished,
            KeyValuePair.Create("step", "Test"),
            KeyValuePair.Create("error", "p/w ord\"1 p%2fw%20ord%221 {\"key\":\"p/w ord\\\"1\"} swordfish")
        );

        var text = await File.ReadAllTextAsync(recorder.Path, Token);
        var report = MarkdownReport.Text(recorder.Record);
        Assert.All([text, report], kept => Assert.DoesNotContain("ord", kept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Finds_every_changed_byte()
    {
        var bytes = Encoding.UTF8.GetBytes(await TextAsync());
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte[1, 255])
            .Sample(
                (index, change) =>
                {
                    var changed = (byte[])bytes.Clone();
                    changed[index] ^= change;
                    var text = Encoding.UTF8.GetString(changed);
                    try
                    {
                        return RunRecord.Parse(Id, text) is { } record
                            && (record.IsTorn || Lines(text) < 3 || IsLastLine(bytes, index));
                    }
                    catch (SlipwayException)
                    {
                        return true;
                    }
                }
            );
    }

    [Fact]
    public async Task Reads_what_is_whole_of_a_record_that_a_crash_cut_off()
    {
        var text = await TextAsync();
        Gen.Int[0, text.Length].Sample(length => RunRecord.Parse(Id, text[..length]).Events.Count <= 3);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Nothing follows the last line that would hold its hash; the copy in the store does.
    private static bool IsLastLine(byte[] bytes, int index) => bytes.AsSpan(index).Count((byte)'\n') <= 1;

    private static int Lines(string text) => text.Count(c => c == '\n');

    private RunRecorder Recorder(params Secret[] secrets) => new(Runs, Store, "test", Id, new(secrets), _time);

    private async Task<string> TextAsync()
    {
        var recorder = Recorder();
        await recorder.AppendAsync(RunEvent.RunStarted, KeyValuePair.Create("release", "r1"));
        await recorder.AppendAsync(
            RunEvent.StepFinished,
            KeyValuePair.Create("step", "Test"),
            KeyValuePair.Create("outcome", "Succeeded")
        );
        await recorder.AppendAsync(RunEvent.RunFinished, KeyValuePair.Create("outcome", "succeeded"));
        return await File.ReadAllTextAsync(recorder.Path, TestContext.Current.CancellationToken);
    }
}
