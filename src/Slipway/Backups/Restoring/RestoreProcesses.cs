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
    /// <param name="entries">What the plan's numbers mean.</param>
    /// <param name="archives">The archives, for the progress.</param>
    /// <param name="cancellationToken">Stops all of them.</param>
    /// <exception cref="SlipwayException">One of them failed; the others were stopped.</exception>
    public async Task RunAsync(
        RestorePlan plan,
        IReadOnlyList<TocEntry> entries,
        IReadOnlyList<StoredArchive> archives,
        CancellationToken cancellationToken
    )
    {
        var numbers = entries.ToDictionary(entry => entry.Id, entry => entry.Number);
        var bytes = archives.Sum(archive => archive.Sums.PlainBytes);
        var toRead = plan.Jobs.Where(job => job.ReadsData).Sum(job => archives[job.Archive].Sums.PlainBytes);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var progress = output.Progress($"restore {target.Database}", bytes, RunOutput.Bytes);
        // Several may read the same archive, each of them all of it.
        var joint = new JointProgress(read => progress.Report((long)((double)read / toRead * bytes)));
        var running = new List<Task>();
        foreach (var job in plan.Jobs)
        {
            var own = job.Ids.Select(id => numbers[id]).ToList();
            running.Add(JobAsync(job, own, [.. job.After.Select(at => running[at])], joint.Part(), stop.Token));
        }

        try
        {
            // The first failure ends the others.
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

    /// <summary>Removes the lists that the processes read.</summary>
    public void Dispose()
    {
        _places.Dispose();
        _lists.Delete(recursive: true);
    }

    private async Task JobAsync(
        RestoreJob job,
        IReadOnlyList<int> numbers,
        IReadOnlyList<Task> before,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        await Task.WhenAll(before);
        await _places.WaitAsync(cancellationToken);
        try
        {
            var wanted = numbers.ToHashSet();
            Func<Stream, CancellationToken, Task> write = job switch
            {
                { IsVerifying: true } => (stream, token) =>
                    source.WriteAndVerifyAsync(job.Archive, wanted, stream, progress, token),
                { ReadsData: true } => (stream, token) =>
                    source.WriteAsync(job.Archive, wanted, stream, progress, token),
                _ => source.WriteHeadAsync,
            };
            await (
                job is { IsVerifying: true, Ids.Count: 0 }
                    ? write(Stream.Null, cancellationToken)
                    : OneAsync(job.Name, numbers, write, cancellationToken)
            );
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task OneAsync(
        string what,
        IReadOnlyList<int> numbers,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        if (numbers.Count == 0)
        {
            return;
        }

        using var failed = new CancellationTokenSource();
        var list = Path.Combine(_lists.FullName, $"{Guid.NewGuid():N}.list");
        await File.WriteAllTextAsync(list, TocList.Use(numbers), cancellationToken);
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
}
