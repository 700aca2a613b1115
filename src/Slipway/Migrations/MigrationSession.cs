using System.Globalization;
using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Opens the sessions that migrations run in: each as good as new, so that nothing one sets reaches the next.</summary>
internal sealed class MigrationSession(NpgsqlDataSource source, DatabaseUrl url, MigrationSettings settings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private bool _checksClient = true;

    /// <summary>
    /// What sets the timeouts of the settings, for a transaction that begins with it. Which of it the server knows was found
    /// out by the first <see cref="OpenAsync"/>.
    /// </summary>
    public IReadOnlyList<SqlCall> Limits =>
        [
            new(Set("lock_timeout", settings.LockTimeout)),
            new(Set("statement_timeout", settings.StatementTimeout)),
            // A server that knows that its client died does not finish a long statement that nobody will commit.
            .. _checksClient ? [new SqlCall("SET client_connection_check_interval = '2s'")] : (SqlCall[])[],
        ];

    /// <summary>Opens a session as the server gives it.</summary>
    /// <exception cref="SlipwayException">The database cannot be reached.</exception>
    public async Task<NpgsqlConnection> OpenPlainAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new SlipwayException(
                $"The database {url} cannot be reached: {exception.InnerException?.Message ?? exception.Message}",
                "see that the server runs, that this machine may connect, and that user and password are right",
                inner: exception
            );
        }
    }

    /// <summary>Opens a session with the timeouts of the settings.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenPlainAsync(cancellationToken);
        try
        {
            await LimitAsync(connection, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets how long the next statements wait for locks; zero for as long as they take.</summary>
    public static Task LimitLocksAsync(
        NpgsqlConnection connection,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) => Query.RunAsync(connection, Set("lock_timeout", limit), cancellationToken);

    /// <summary>Waits until the server has ended a session whose connection is lost, then looks at what it left.</summary>
    /// <returns>What <paramref name="look"/> saw; null when the server did not answer in time.</returns>
    public async Task<bool?> AfterLossAsync(
        int processId,
        TimeProvider time,
        Func<NpgsqlConnection, CancellationToken, Task<bool>> look
    )
    {
        using var limit = new CancellationTokenSource(Patience, time);
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(limit.Token);
                if (!await IsAliveAsync(connection, processId, limit.Token))
                {
                    return await look(connection, limit.Token);
                }
            }
            catch (NpgsqlException) when (!limit.IsCancellationRequested)
            {
                // The server may be on its way up again.
            }
            catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException)
            {
                return null;
            }

            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private async Task LimitAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await Query.RunAsync(connection, Limits, cancellationToken);
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.InvalidParameterValue && _checksClient)
        {
            // Not every platform can look at a connection without reading from it.
            _checksClient = false;
            await Query.RunAsync(connection, Limits, cancellationToken);
        }
    }

    private static Task<bool> IsAliveAsync(
        NpgsqlConnection connection,
        int processId,
        CancellationToken cancellationToken
    ) =>
        Query.IsTrueAsync(
            connection,
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1 AND application_name LIKE 'slipway %' AND pid <> pg_backend_pid())",
            cancellationToken,
            processId
        );

    private static string Set(string name, TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"SET {name} = '{Math.Ceiling(span.TotalMilliseconds)}ms'");
}
