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
    bool doesWithoutRoles
)
{
    /// <summary>Restores everything of the plan.</summary>
    /// <exception cref="SlipwayException">One of them failed; the others were stopped.</exception>
    public async Task RunAsync(RestorePlan plan, long bytes, CancellationToken cancellationToken)
    {
        var lists = Directory.CreateTempSubdirectory("slipway-restore-");
        try
        {
            await OneAsync(lists, "definitions", plan.Definitions, source.WriteHeadAsync, cancellationToken);
            await DataAsync(lists, plan.Data, bytes, cancellationToken);
            using (output.Progress($"build the indexes of {target.Database}", null, RunOutput.Bytes))
            {
                await AllAsync(
                    plan.Indexes,
                    (ids, at, token) => OneAsync(lists, $"indexes {at + 1}", ids, source.WriteHeadAsync, token),
                    cancellationToken
                );
            }

            await OneAsync(lists, "constraints and the rest", plan.Rest, source.WriteHeadAsync, cancellationToken);
        }
        finally
        {
            lists.Delete(recursive: true);
        }
    }

    private async Task DataAsync(
        DirectoryInfo lists,
        IReadOnlyList<IReadOnlyList<int>> groups,
        long bytes,
        CancellationToken cancellationToken
    )
    {
        using var progress = output.Progress($"restore {target.Database}", bytes, RunOutput.Bytes);
        if (groups.Count == 0)
        {
            await source.WriteAndVerifyAsync(Stream.Null, progress.Report, cancellationToken);
            return;
        }

        // The one that needs the end of the dump reads all of it anyway, and sees that it is whole.
        var last = groups.Count - 1;
        var done = new long[groups.Count];
        await AllAsync(
            groups,
            (ids, at, token) =>
                OneAsync(
                    lists,
                    $"data {at + 1}",
                    ids,
                    (stream, feeding) =>
                        at == last
                            ? source.WriteAndVerifyAsync(stream, read => Report(at, read), feeding)
                            : source.WriteAsync(stream, read => Report(at, read), feeding),
                    token
                ),
            cancellationToken
        );

        // Every group reads the whole dump, so all of them together have come as far as they have on average.
        void Report(int group, long read)
        {
            lock (done)
            {
                done[group] = read;
                progress.Report(done.Sum() / done.Length);
            }
        }
    }

    private async Task OneAsync(
        DirectoryInfo lists,
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
        var list = Path.Combine(lists.FullName, $"{what.Replace(' ', '-')}.list");
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
        IReadOnlyList<IReadOnlyList<int>> groups,
        Func<IReadOnlyList<int>, int, CancellationToken, Task> run,
        CancellationToken cancellationToken
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = groups.Select((ids, at) => run(ids, at, stop.Token)).ToList();
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
