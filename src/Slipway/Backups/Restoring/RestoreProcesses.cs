using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Runs a plan: each pg_restore reads a stream of its own and takes from it what its list names.</summary>
internal sealed class RestoreProcesses(
    ArchiveSource source,
    DatabaseUrl target,
    IProcessRunner processes,
    RunOutput output,
    bool doesWithoutRoles,
    int processCount
) : IDisposable
{
    private readonly DirectoryInfo _lists = Directory.CreateTempSubdirectory("slipway-restore-");
    private readonly SemaphoreSlim _places = new(processCount);

    /// <summary>Restores everything of the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="bytes">Size of the archive, for the progress.</param>
    /// <param name="cancellationToken">Stops all of them.</param>
    /// <exception cref="SlipwayException">One of them failed; the others were stopped.</exception>
    public async Task RunAsync(RestorePlan plan, long bytes, CancellationToken cancellationToken)
    {
        await OneAsync("definitions", plan.Definitions, source.WriteHeadAsync, cancellationToken);
        using (var progress = output.Progress($"restore {target.Database}", bytes, RunOutput.Bytes))
        {
            var done = new long[plan.Groups.Count];
            await AllAsync(
                plan.Groups.Count,
                (at, token) =>
                    GroupAsync(plan.Groups[at], at, at == plan.Groups.Count - 1, read => Report(at, read), token),
                cancellationToken
            );

            // Every group reads the whole archive, so all of them together have come as far as they have on average.
            void Report(int group, long read)
            {
                lock (done)
                {
                    done[group] = read;
                    progress.Report(done.Sum() / done.Length);
                }
            }
        }

        await OneAsync("constraints and the rest", plan.Rest, source.WriteHeadAsync, cancellationToken);
    }

    /// <summary>Removes the lists that the processes read.</summary>
    public void Dispose()
    {
        _places.Dispose();
        _lists.Delete(recursive: true);
    }

    // A group's indexes begin while others still load.
    private async Task GroupAsync(
        RestoreGroup group,
        int at,
        bool isLast,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        // The last one needs the end of the archive, reads all of it anyway, and sees that it is whole.
        Func<Stream, CancellationToken, Task> write = isLast
            ? (stream, token) => source.WriteAndVerifyAsync(stream, progress, token)
            : (stream, token) => source.WriteAsync(stream, progress, token);
        await InPlaceAsync(
            () =>
                group.Data.Count > 0
                    ? OneAsync($"data {at + 1}", group.Data, write, cancellationToken)
                    : write(Stream.Null, cancellationToken),
            cancellationToken
        );
        await AllAsync(
            group.Indexes.Count,
            (part, token) =>
                InPlaceAsync(
                    () => OneAsync($"indexes {at + 1} {part + 1}", group.Indexes[part], source.WriteHeadAsync, token),
                    token
                ),
            cancellationToken
        );
    }

    private async Task InPlaceAsync(Func<Task> run, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            await run();
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task OneAsync(
        string what,
        IReadOnlyList<int> ids,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        if (ids.Count == 0)
        {
            return;
        }

        using var failed = new CancellationTokenSource();
        var list = Path.Combine(_lists.FullName, $"{what.Replace(' ', '-')}.list");
        await File.WriteAllTextAsync(list, TocList.Use(ids), cancellationToken);
        var command = RestoreCommands.Restore(target, list, doesWithoutRoles);
        var result = await processes.FeedAsync(command, FeedAsync, NoticeError, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw RestoreFailure.Of(what, result);
        }

        // Once it complained, nobody reads on.
        async Task FeedAsync(Stream stream, CancellationToken token)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(token, failed.Token);
            try
            {
                await write(stream, stop.Token);
            }
            catch (OperationCanceledException) when (failed.IsCancellationRequested && !token.IsCancellationRequested)
            {
                // Its exit code tells the rest.
            }
        }

        void NoticeError(string line)
        {
            if (line.StartsWith("pg_restore: error:", StringComparison.Ordinal))
            {
                failed.Cancel();
            }
        }
    }

    // The first failure ends the others.
    private static async Task AllAsync(
        int count,
        Func<int, CancellationToken, Task> run,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Enumerable.Range(0, count).Select(at => run(at, stop.Token)).ToList();
        try
        {
            await foreach (var ended in Task.WhenEach(running).WithCancellation(CancellationToken.None))
            {
                await ended;
            }
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
