using Slipway.Runs;

namespace Slipway.Health.Hurl;

/// <summary>Sends an environment's critical requests to an application, and shows what comes of each.</summary>
/// <param name="http">What requests go through; see <see cref="DirectHttp.CreateHandler"/>.</param>
/// <param name="requestTimeout">How long one request may take.</param>
/// <param name="output">What a person sees.</param>
internal sealed class CriticalFunctions(HttpMessageHandler http, TimeSpan requestTimeout, RunOutput output)
{
    /// <summary>Sends them up to the first of which something does not hold.</summary>
    /// <param name="file">The requests.</param>
    /// <param name="baseUrl">Where the application is.</param>
    /// <param name="version">The release's id.</param>
    /// <param name="run">The run that asks.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What came of every request up to there.</returns>
    public async Task<IReadOnlyList<HurlStepResult>> RunAsync(
        HurlFile file,
        Uri baseUrl,
        string version,
        RunId run,
        CancellationToken cancellationToken
    )
    {
        var runner = new HurlRunner(http, output.Time, requestTimeout);
        var variables = HurlVariables.Standard(baseUrl, version, run);
        var results = await runner.RunAsync(file, variables, cancellationToken);
        foreach (var result in results)
        {
            output.Line($"  {(result.Passed ? "✓" : "✗")} {result.Title}  ({result.Duration.TotalMilliseconds:0} ms)");
        }

        return results;
    }
}
