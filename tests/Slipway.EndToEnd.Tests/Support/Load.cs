using System.Collections.Concurrent;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>Users who never stop asking.</summary>
public sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _users;
    private long _answered;

    public Load(Uri address, int users)
    {
        _users = Task.WhenAll(
            Enumerable.Range(0, users).Select(index => Task.Run(() => AskAsync(address, index), CancellationToken.None))
        );
    }

    /// <summary>Stops asking and tells how many requests were answered, and which were not.</summary>
    public async Task<(long Answered, IReadOnlyList<string> Failures)> StopAsync()
    {
        await _stop.CancelAsync();
        await _users;
        return (_answered, [.. _failures]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _users;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync(Uri address, int index)
    {
        var target = new Uri(address, index % 3 == 0 ? "/slow?ms=150" : "/health");
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await _http.GetAsync(target, CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref _answered);
                }
                else
                {
                    _failures.Enqueue($"{target}: {(int)answer.StatusCode}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                _failures.Enqueue($"{target}: {exception.Message}");
            }
        }
    }
}
