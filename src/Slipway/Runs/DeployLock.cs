using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Postgres;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Runs;

/// <summary>Keeps an environment for one run: a lease tells who has it, an advisory lock in its database that he lives.</summary>
/// <remarks>See .github/adr/0004-lock-lease-and-advisory-lock.md.</remarks>
public sealed class DeployLock : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private readonly IObjectStore _store;
    private readonly string _environment;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private DeployLease _lease;
    private Task _beating = Task.CompletedTask;

    private DeployLock(
        IObjectStore store,
        string environment,
        (NpgsqlDataSource Source, NpgsqlConnection Connection) alive,
        DeployLease lease,
        TimeProvider time
    ) =>
        (_store, _environment, _source, _connection, _lease, _time) = (
            store,
            environment,
            alive.Source,
            alive.Connection,
            lease,
            time
        );

    /// <summary>Cancelled when the database no longer knows the lock.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why it was lost.</summary>
    public string? LostBecause { get; private set; }

    /// <summary>The lease of the run that died holding the lock; null when the lock was free.</summary>
    public DeployLease? TakenOver { get; private init; }

    /// <summary>Takes the lock, from a run that died too.</summary>
    /// <param name="store">Where the lease is kept.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="url">Its database.</param>
    /// <param name="run">The run that wants it.</param>
    /// <param name="takeHeld">True for a run that was started to get on with what a failed one left.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException">Another run has it, or it is held for a person.</exception>
    public static async Task<DeployLock> AcquireAsync(
        IObjectStore store,
        string environment,
        DatabaseUrl url,
        RunId run,
        bool takeHeld,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var alive = await ConnectAsync(url, environment, store, cancellationToken);
        try
        {
            var before = await ReadAsync(store, environment, cancellationToken);
            if (before is { State: DeployLease.Held } && !takeHeld)
            {
                throw IsHeld(environment, before);
            }

            if (before is not null)
            {
                await store.DeleteAsync(Key(environment), cancellationToken);
            }

            var lease = NewLease(run, time);
            if (!await store.TryCreateAsync(Key(environment), lease.ToJson(), cancellationToken))
            {
                throw Busy(environment, await ReadAsync(store, environment, cancellationToken));
            }

            var taken = new DeployLock(store, environment, alive, lease, time) { TakenOver = before };
            taken._beating = taken.BeatAsync();
            return taken;
        }
        catch
        {
            await alive.Connection.DisposeAsync();
            await alive.Source.DisposeAsync();
            throw;
        }
    }

    /// <summary>The lease of an environment; null when its lock is free.</summary>
    public static async Task<DeployLease?> ReadAsync(
        IObjectStore store,
        string environment,
        CancellationToken cancellationToken
    )
    {
        await using var stream = await store.OpenAsync(Key(environment), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return DeployLease.Parse(await reader.ReadToEndAsync(cancellationToken));
    }

    /// <summary>Frees the lock.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        if ((await ReadAsync(_store, _environment, cancellationToken))?.Run == _lease.Run)
        {
            await _store.DeleteAsync(Key(_environment), cancellationToken);
        }
    }

    /// <summary>Leaves the lock to the person who has to decide.</summary>
    public async Task HoldAsync(string reason, CancellationToken cancellationToken)
    {
        await StopAsync();
        _lease = _lease with { State = DeployLease.Held, Reason = reason };
        await PutAsync(cancellationToken);
    }

    /// <summary>The error that tells of the loss.</summary>
    public SlipwayException Loss() =>
        new(
            $"The lock of environment {_environment} was lost: {LostBecause}",
            $"see who works on it, then: ./build.sh Resume --env {_environment}",
            ExitCode.NeedsPerson
        );

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _lost.Dispose();
        _released.Dispose();
    }

    private static string Key(string environment) => $"locks/{environment}.json";

    private async Task StopAsync()
    {
        if (!_released.IsCancellationRequested)
        {
            await _released.CancelAsync();
            await _beating;
            await _connection.DisposeAsync();
            await _source.DisposeAsync();
        }
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Beat, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_released.Token))
            {
                await using var ask = new NpgsqlCommand("SELECT 1", _connection) { CommandTimeout = 10 };
                await ask.ExecuteScalarAsync(_released.Token);
                _lease = _lease with { Heartbeat = _time.GetUtcNow() };
                await PutAsync(_released.Token);
            }
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
            // Released: nothing is lost.
        }
        catch (Exception exception) when (exception is IOException or SlipwayException)
        {
            // The lease tells an old heartbeat now; the advisory lock still holds.
            LostBecause = exception.Message;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            LostBecause = $"its connection to the database broke ({exception.Message})";
            await _lost.CancelAsync();
        }
    }

    private Task PutAsync(CancellationToken cancellationToken) =>
        _store.PutAsync(
            Key(_environment),
            (stream, token) => stream.WriteAsync(_lease.ToJson(), token).AsTask(),
            cancellationToken
        );

    private static async Task<(NpgsqlDataSource Source, NpgsqlConnection Connection)> ConnectAsync(
        DatabaseUrl url,
        string environment,
        IObjectStore store,
        CancellationToken cancellationToken
    )
    {
        var source = PostgresSource.Create(url, "lock");
        var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
        ask.Parameters.Add(new() { Value = LockNumber(url.Database) });
        if (await ask.ExecuteScalarAsync(cancellationToken) is true)
        {
            return (source, connection);
        }

        await connection.DisposeAsync();
        await source.DisposeAsync();
        throw Busy(environment, await ReadAsync(store, environment, cancellationToken));
    }

    // The same for everybody who deploys to this database, whatever he calls the environment.
    private static long LockNumber(string database) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"slipway:{database}")));

    private static DeployLease NewLease(RunId run, TimeProvider time) =>
        new()
        {
            Run = run.Value,
            Holder = Runs.Holder.Name,
            ProcessId = Environment.ProcessId,
            Since = time.GetUtcNow(),
            Heartbeat = time.GetUtcNow(),
        };

    private static SlipwayException Busy(string environment, DeployLease? lease) =>
        new(
            lease is null
                ? $"The lock of environment {environment} is taken: its database is being deployed to under another name"
                : $"The lock of environment {environment} is taken: run {lease.Run} by {lease.Holder}, "
                    + $"process {lease.ProcessId}, since {lease.Since:yyyy-MM-dd HH:mm:ss}Z",
            $"wait until it ends, then: ./build.sh Deploy --env {environment}",
            ExitCode.Refused
        );

    private static SlipwayException IsHeld(string environment, DeployLease lease) =>
        new(
            $"The lock of environment {environment} is held since {lease.Since:yyyy-MM-dd HH:mm:ss}Z by run {lease.Run}: {lease.Reason}",
            $"decide, then one of:\n"
                + $"  ./build.sh Resume --env {environment}     goes on forward\n"
                + $"  ./build.sh Rollback --env {environment}   back to the last verified release\n"
                + $"  ./build.sh Unlock --env {environment} --reason \"…\"   when you put things right by hand",
            ExitCode.Refused
        );
}
