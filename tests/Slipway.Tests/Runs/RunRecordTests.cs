using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Tests.Runs;

public sealed class RunRecordTests : IDisposable
{
    private static readonly RunId Id = new("20260101T000000Z-0001");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-record-");
    private readonly FakeTimeProvider _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private FileStore Store => new(Path.Combine(_folder.FullName, "store"));

    [Fact]
    public async Task Is_on_the_disk_and_in_the_store_after_every_event()
    {
        var recorder = Recorder();

        await recorder.AppendAsync(RunEvent.RunStarted, KeyValuePair.Create("release", "r1"));
        await recorder.AppendAsync(RunEvent.StepStarted, KeyValuePair.Create("step", "PreBackup"));

        var token = TestContext.Current.CancellationToken;
        var kept = await new RunStore(Store, "test").ReadAsync(Id, token);
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

    private RunRecorder Recorder() => new(Path.Combine(_folder.FullName, "runs"), Store, "test", Id, _time);

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
