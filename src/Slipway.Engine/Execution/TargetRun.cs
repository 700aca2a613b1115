using System.Globalization;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Runs the actions of one target on another thread, so that the run can go on when they do not stop.</summary>
internal sealed class TargetRun(ExecutableTarget target, Interruption interruption, TimeProvider time)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);
    private readonly StopLimits _limits = StopLimits.Current;

    // A run that has failed already gives its assured targets a limit of their own.
    public async Task<TargetResult> RunAsync(bool isFailing)
    {
        using var stop = new CancellationTokenSource();
        RunToken.Publish(stop.Token);
        var work = Task.Run(() => Act(stop.Token), CancellationToken.None);
        try
        {
            if (isFailing)
            {
                return await WithinAsync(work, stop);
            }

            await Task.WhenAny(work, interruption.Requested);
            if (work.IsCompleted && !interruption.IsRequested)
            {
                return new(await ResultAsync(work), IsAborted: false);
            }

            return target.AssuredAfterFailure
                ? await LetFinishAsync(work, stop)
                : await StopAsync(work, stop, reason: null);
        }
        finally
        {
            RunToken.Publish(CancellationToken.None);
        }
    }

    private static async Task<Exception?> ResultAsync(Task work)
    {
        try
        {
            await work;
            return null;
        }
        // Whatever a target throws is its result.
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static string Seconds(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s");

    private void Act(CancellationToken token)
    {
        foreach (var action in target.Actions.ToList())
        {
            token.ThrowIfCancellationRequested();
            action();
        }
    }

    // An assured target puts things right, so a signal does not cut it off; it only gets a limit from now on.
    private async Task<TargetResult> LetFinishAsync(Task work, CancellationTokenSource stop)
    {
        Log.Warning(
            "{Signal:l}: {TargetName:l} is assured and gets up to {Limit:l} to finish; a second signal kills at once",
            interruption.SignalName,
            target.Name,
            Seconds(_limits.Assured)
        );
        return await WithinAsync(work, stop);
    }

    private async Task<TargetResult> WithinAsync(Task work, CancellationTokenSource stop)
    {
        if (await EndsWithinAsync(work, _limits.Assured))
        {
            return new(await ResultAsync(work), IsAborted: false);
        }

        Log.Warning(
            "{TargetName:l} has not finished within {Limit:l} and is cancelled",
            target.Name,
            Seconds(_limits.Assured)
        );
        return await StopAsync(work, stop, $"not finished within {Seconds(_limits.Assured)}");
    }

    private async Task<TargetResult> StopAsync(Task work, CancellationTokenSource stop, string? reason)
    {
        if (reason is null)
        {
            Log.Warning(
                "{Signal:l}: stopping {TargetName:l}, waiting up to {Limit:l}; a second signal kills at once",
                interruption.SignalName,
                target.Name,
                Seconds(_limits.Grace)
            );
        }

        // Callbacks of the token are foreign code and may hang, so they share the limit of the work.
        var ended = Task.WhenAll(stop.CancelAsync(), work);
        if (await StopsWithinGraceAsync(ended))
        {
            return new(await ResultAsync(ended), IsAborted: true, reason);
        }

        Log.Warning("{TargetName:l} did not stop within {Limit:l}", target.Name, Seconds(_limits.Grace));
        return new(null, IsAborted: true, $"{reason ?? $"by {interruption.SignalName}"}, and it did not stop");
    }

    // A person who sees nothing presses Ctrl-C again, and that kills: so he is told what is waited for.
    private async Task<bool> StopsWithinGraceAsync(Task ended)
    {
        var silence = _limits.Grace / 4 < LongestSilence ? _limits.Grace / 4 : LongestSilence;
        for (var waited = TimeSpan.Zero; waited < _limits.Grace; waited += silence)
        {
            if (waited > TimeSpan.Zero)
            {
                Log.Information(
                    "still waiting for {TargetName:l} to stop, {Waited:l} of {Limit:l}; a second signal kills at once",
                    target.Name,
                    Seconds(waited),
                    Seconds(_limits.Grace)
                );
            }

            if (await EndsWithinAsync(ended, silence))
            {
                return true;
            }
        }

        return ended.IsCompleted;
    }

    private async Task<bool> EndsWithinAsync(Task work, TimeSpan limit)
    {
        using var timer = new CancellationTokenSource();
        var ended = await Task.WhenAny(work, Task.Delay(limit, time, timer.Token)) == work;
        await timer.CancelAsync();
        return ended;
    }
}
