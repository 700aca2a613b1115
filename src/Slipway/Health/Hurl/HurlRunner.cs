namespace Slipway.Health.Hurl;

/// <summary>Sends the requests of a Hurl file one after the other and checks what comes back.</summary>
/// <param name="handler">What requests go through; see <see cref="DirectHttp.CreateHandler"/>.</param>
/// <param name="time">The clock.</param>
/// <param name="requestTimeout">How long one request may take.</param>
public sealed class HurlRunner(HttpMessageHandler handler, TimeProvider time, TimeSpan requestTimeout)
{
    /// <summary>Runs a file up to the first request of which something does not hold.</summary>
    /// <param name="file">The file.</param>
    /// <param name="variables">The variables it may use beside those it captures.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What came of every request up to there.</returns>
    /// <exception cref="HurlSyntaxException">It uses a variable that nothing sets; nothing was sent.</exception>
    public async Task<IReadOnlyList<HurlStepResult>> RunAsync(
        HurlFile file,
        IReadOnlyDictionary<string, string> variables,
        CancellationToken cancellationToken
    )
    {
        HurlVariables.Check(file, variables.Keys);
        var values = new HurlVariables(variables, time);
        var results = new List<HurlStepResult>();
        using var session = new HurlSession(handler, time, requestTimeout, values);
        foreach (var entry in file.Entries)
        {
            var result = await RunAsync(session, values, entry, cancellationToken);
            results.Add(result);
            if (!result.Passed)
            {
                break;
            }
        }

        return results;
    }

    private async Task<HurlStepResult> RunAsync(
        HurlSession session,
        HurlVariables values,
        HurlEntry entry,
        CancellationToken cancellationToken
    )
    {
        var (request, options) = (entry.Request, entry.Request.Options);
        var url = values.Redact(HurlSession.Shown(request, values));
        if (options.Skip)
        {
            return Result(HurlOutcome.Skipped, TimeSpan.Zero, 0, []);
        }

        await Task.Delay(options.Delay, time, cancellationToken);
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var failures = await session.TryAsync(entry, cancellationToken);
            if (failures.Count == 0 || attempt > options.Retry)
            {
                var outcome = failures.Count == 0 ? HurlOutcome.Passed : HurlOutcome.Failed;
                return Result(outcome, time.GetElapsedTime(started), attempt, failures);
            }

            await Task.Delay(options.RetryInterval, time, cancellationToken);
        }

        HurlStepResult Result(
            HurlOutcome outcome,
            TimeSpan duration,
            int attempts,
            IReadOnlyList<HurlFailure> failures
        ) =>
            new(
                entry.Title ?? $"{request.Method} {request.Url}",
                request.Method,
                url,
                request.Line,
                outcome,
                duration,
                attempts,
                failures
            );
    }
}
