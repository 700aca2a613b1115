using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;

namespace Slipway.Tests.Support;

/// <summary>Clients that ask a server all the time, each in a session of its own, and how long each had to wait for its slowest answer.</summary>
internal sealed class BusyClients : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<TimeSpan>[] _clients;
    private long _answers;

    /// <summary>Starts them.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="rows">$1 is a number from 1 to this, another one every time.</param>
    /// <param name="statements">What they run: one client for each.</param>
    public BusyClients(string connection, int rows, params string[] statements) =>
        _clients = [.. statements.Select(statement => Task.Run(() => AskAsync(connection, rows, statement)))];

    /// <summary>How many answers they got by now, all together.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Stops them.</summary>
    /// <returns>The longest that each waited, in the order of the statements.</returns>
    public async Task<IReadOnlyList<TimeSpan>> EndAsync()
    {
        await _stop.CancelAsync();
        return await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    private async Task<TimeSpan> AskAsync(string connection, int rows, string statement)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var session = await source.OpenConnectionAsync(CancellationToken.None);
        var longest = TimeSpan.Zero;
        while (!_stop.IsCancellationRequested)
        {
            await using var command = new NpgsqlCommand(statement, session);
            command.Parameters.Add(new() { Value = RandomNumberGenerator.GetInt32(rows) + 1 });
            var clock = Stopwatch.GetTimestamp();
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            var took = Stopwatch.GetElapsedTime(clock);
            longest = took > longest ? took : longest;
            Interlocked.Increment(ref _answers);
            // Leaves the machine to the others.
            await Task.Delay(1, CancellationToken.None);
        }

        return longest;
    }
}
