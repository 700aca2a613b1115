using Microsoft.Extensions.Time.Testing;
using Slipway.Backups.Restoring;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Restoring;

public sealed class RestoreConfirmationTests : IDisposable
{
    private static readonly RestoreQuestion Question = new(
        "notes",
        "20260101T000000Z-0001",
        new(1, "up to 3 rows would be lost or set back"),
        new()
        {
            Since = DateTimeOffset.UnixEpoch,
            At = DateTimeOffset.UnixEpoch,
            Tables = [],
        }
    );

    private readonly StringWriter _printed = new();
    private readonly SilentReader _silent = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Stops_waiting_for_an_answer_when_the_run_is_interrupted()
    {
        using var interrupted = new CancellationTokenSource();
        var asking = AskAsync(interrupted.Token);
        await _silent.Reading;

        await interrupted.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Refuses_when_nobody_answers()
    {
        var asking = AskAsync(TestContext.Current.CancellationToken);
        await _silent.Reading;

        // The wait may begin a moment after the read.
        while (!asking.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMinutes(15));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<SlipwayException>(() => asking);
        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("nobody answered within 15:00 min", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _silent.Dispose();
        _printed.Dispose();
    }

    private Task<IReadOnlyList<string>> AskAsync(CancellationToken cancellationToken) =>
        new RestoreConfirmation(new(_printed, interactive: false, _time), _silent, canAsk: true).AskAsync(
            Question,
            cancellationToken
        );
}
