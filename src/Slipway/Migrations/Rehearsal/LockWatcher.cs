namespace Slipway.Migrations.Rehearsal;

/// <summary>Looks from a second session at what another one holds while it works.</summary>
internal sealed class LockWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, TableTouch> _seen = new(StringComparer.Ordinal);
    private readonly Task _watching;

    public LockWatcher(MigrationSession sessions, int processId, TimeProvider time) =>
        _watching = WatchAsync(sessions, processId, time);

    /// <summary>The worst that was seen of each table.</summary>
    public async Task<IReadOnlyList<TableTouch>> StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return [.. _seen.Values];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync(MigrationSession sessions, int processId, TimeProvider time)
    {
        try
        {
            await using var connection = await sessions.OpenPlainAsync(_stop.Token);
            while (true)
            {
                foreach (
                    var touch in await StatementRecorder.LookAsync(connection, TraceSql.Watch, _stop.Token, processId)
                )
                {
                    if (!_seen.TryGetValue(touch.Table, out var before) || before.Lock < touch.Lock)
                    {
                        _seen[touch.Table] = touch;
                    }
                }

                await Task.Delay(Pause, time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The statement is over.
        }
    }
}
