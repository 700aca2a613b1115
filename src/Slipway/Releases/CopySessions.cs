using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Sees whether anybody but us has connected to a copy of the database since it began to look.</summary>
internal sealed class CopySessions : IAsyncDisposable
{
    private const string Sessions = """
        SELECT coalesce(array_agg(pid), '{}') FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
          AND application_name NOT LIKE 'slipway %'
        """;

    private const int LongestLook = 10;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<int> _before;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<bool> _watch;

    private CopySessions(
        NpgsqlDataSource source,
        NpgsqlConnection connection,
        TimeProvider time,
        IReadOnlyList<int> before
    )
    {
        (_source, _connection, _time, _before) = (source, connection, time, before);
        _watch = WatchAsync();
    }

    /// <summary>Begins to look.</summary>
    /// <exception cref="NpgsqlException">The copy cannot be reached.</exception>
    public static async Task<CopySessions> OpenAsync(
        DatabaseUrl copy,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var source = PostgresSource.Create(copy, "trial");
        try
        {
            var connection = await source.OpenConnectionAsync(cancellationToken);
            return new(source, connection, time, await ReadAsync(connection, cancellationToken));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks a last time.</summary>
    /// <returns>False when nobody was ever seen, or it could look no longer.</returns>
    public async Task<bool> SeenAsync()
    {
        await _stop.CancelAsync();
        return await _watch;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await SeenAsync();
        _stop.Dispose();
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<bool> WatchAsync()
    {
        try
        {
            while (!await SeesAsync())
            {
                if (_stop.IsCancellationRequested)
                {
                    return false;
                }

                await Task.Delay(Glance, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // Stopped between two looks and never within one, which is short: so the last one is whole.
    private async Task<bool> SeesAsync() =>
        (await ReadAsync(_connection, CancellationToken.None)).Except(_before).Any();

    private static async Task<int[]> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sessions, connection) { CommandTimeout = LongestLook };
        return (int[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
