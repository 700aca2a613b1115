using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Runs;

/// <summary>Keeps an environment for one run: a lease tells who has it, an advisory lock on its database's server that he lives.</summary>
/// <remarks>See .github/adr/0004-lock-lease-and-advisory-lock.md.</remarks>
public sealed class DeployLock : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private readonly IObjectStore _store;
    private readonly string _environment;
    private readonly AdvisoryLock _alive;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private DeployLease _lease;
    private Task _beating = Task.CompletedTask;
    private bool _isSettled;
    private bool _isEnded;

    private DeployLock(
        IObjectStore store,
        string environment,
        AdvisoryLock alive,
        DeployLease lease,
        TimeProvider time
    ) => (_store, _environment, _alive, _lease, _time) = (store, environment, alive, lease, time);

    /// <summary>Cancelled when the server no longer knows the lock.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why it was lost.</summary>
    public string? LostBecause { get; private set; }

    /// <summary>Why the lease tells an old heartbeat; null when it does not. The lock itself holds.</summary>
    public string? LeaseProblem { get; private set; }

    /// <summary>The lease that was there: of a run that died, or was held for a person; null when the lock was free.</summary>
    public DeployLease? TakenOver { get; private init; }

    /// <summary>The lease that was put back at the end; null when none was.</summary>
    public DeployLease? GivenBack { get; private set; }

    /// <summary>True when what was taken over is not settled: a run that fails now leaves the lock held.</summary>
    public bool StaysHeld => TakenOver is not null && !_isSettled;

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
        var alive =
            await AdvisoryLock.TryTakeAsync(url, cancellationToken)
            ?? throw Busy(environment, await ReadAsync(store, environment, cancellationToken));
        try
        {
            var before = await ReadAsync(store, environment, cancellationToken);
            if (before is { State: DeployLease.Held } && !takeHeld)
            {
                throw IsHeld(environment, before);
            }

            var taken = new DeployLock(store, environment, alive, NewLease(run, time), time) { TakenOver = before };
            await taken.WriteFirstAsync(cancellationToken);
            taken._beating = taken.BeatAsync();
            return taken;
        }
        catch
        {
            await alive.DisposeAsync();
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

    /// <summary>Says that what was taken over is dealt with: from now on the lock ends as this run ends.</summary>
    public void Settle() => _isSettled = true;

    /// <summary>Frees the lock, whatever was taken over.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) =>
        EndAsync(() => _store.DeleteAsync(Key(_environment), cancellationToken), cancellationToken);

    /// <summary>Leaves the lock to the person who has to decide.</summary>
    public Task HoldAsync(string reason, CancellationToken cancellationToken)
    {
        var held = _lease with { State = DeployLease.Held, Reason = reason };
        return EndAsync(() => PutAsync(held, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Ends a run that did not succeed: what it took over and did not settle is held again, for the same reason as before;
    /// otherwise the lock is freed.
    /// </summary>
    public Task GiveBackAsync(CancellationToken cancellationToken)
    {
        if (TakenOver is not { } before || _isSettled)
        {
            return ReleaseAsync(cancellationToken);
        }

        var held = before with
        {
            State = DeployLease.Held,
            Reason = before.Reason ?? "it died, and what it left is not dealt with",
        };
        return EndAsync(
            async () =>
            {
                await PutAsync(held, cancellationToken);
                GivenBack = held;
            },
            cancellationToken
        );
    }

    /// <summary>The error that tells of the loss.</summary>
    public SlipwayException Loss() =>
        new(
            $"The lock of environment {_environment} was lost: {LostBecause}",
            $"see who works on it, then: ./build.sh Resume --env {_environment}",
            ExitCode.NeedsPerson
        );

    /// <summary>Lets go of the database; a lease that was taken over is put back, any other tells of a run that died.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isEnded && TakenOver is not null && !_isSettled)
        {
            using var bound = new CancellationTokenSource(Beat, _time);
            try
            {
                await GiveBackAsync(bound.Token);
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
            {
                LeaseProblem = exception.Message;
            }
        }

        await EndAsync(() => Task.CompletedTask, CancellationToken.None);
        _lost.Dispose();
        _released.Dispose();
    }

    private static string Key(string environment) => $"locks/{environment}.json";

    // A lease that is taken over is replaced in one step, so that a failure in between loses no hold.
    private async Task WriteFirstAsync(CancellationToken cancellationToken)
    {
        if (TakenOver is not null)
        {
            await PutAsync(_lease, cancellationToken);
        }
        else if (!await _store.TryCreateAsync(Key(_environment), _lease.ToJson(), cancellationToken))
        {
            throw Busy(_environment, await ReadAsync(_store, _environment, cancellationToken));
        }
    }

    // The connection ends last: while it is open nobody else gets in, so nobody sees a lease that is not the final one.
    private async Task EndAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        await _released.CancelAsync();
        await _beating;
        try
        {
            // After a loss another run may have written its own.
            var written = await ReadAsync(_store, _environment, cancellationToken);
            if (written is null || written.Run == _lease.Run)
            {
                await write();
            }
        }
        finally
        {
            await _alive.DisposeAsync();
        }
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Beat, _time);
        try
        {
            while (!_alive.IsLost && await timer.WaitForNextTickAsync(_released.Token))
            {
                await BeatOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Released: nothing is lost.
            return;
        }

        LostBecause ??= "its connection to the database broke";
        await _lost.CancelAsync();
    }

    // Whatever a beat throws, the next one tries again; only the connection's end is the end of the lock.
    private async Task BeatOnceAsync()
    {
        try
        {
            await _alive.AskAsync(_released.Token);
        }
        catch (Exception exception)
        {
            LostBecause = $"its connection to the database broke ({exception.Message})";
            return;
        }

        using var bound = new CancellationTokenSource(Beat, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, _released.Token);
        try
        {
            _lease = _lease with { Heartbeat = _time.GetUtcNow() };
            await PutAsync(_lease, either.Token);
            LeaseProblem = null;
        }
        catch (Exception exception)
        {
            LeaseProblem = exception.Message;
        }
    }

    private Task PutAsync(DeployLease lease, CancellationToken cancellationToken) =>
        _store.PutAsync(
            Key(_environment),
            (stream, token) => stream.WriteAsync(lease.ToJson(), token).AsTask(),
            cancellationToken
        );

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

    /// <summary>What a deploy is told while the lock is held for a person.</summary>
    internal static SlipwayException IsHeld(string environment, DeployLease lease) =>
        new(
            $"The lock of environment {environment} is held since {lease.Since:yyyy-MM-dd HH:mm:ss}Z by run {lease.Run}: {lease.Reason}",
            $"decide, then one of:\n"
                + $"  ./build.sh Resume --env {environment}     goes on forward\n"
                + $"  ./build.sh Rollback --env {environment}   back to the last verified release\n"
                + $"  ./build.sh Unlock --env {environment} --reason \"…\"   when you put things right by hand",
            ExitCode.Refused
        );
}
