using System.Globalization;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Health;

/// <summary>A release did not become healthy.</summary>
/// <param name="url">The address that was probed.</param>
/// <param name="reason">Why the last answer is not a healthy one.</param>
/// <param name="last">The last answer; null when nothing ever answered.</param>
/// <param name="probes">How many probes were sent.</param>
/// <param name="elapsed">How long was waited.</param>
/// <param name="log">The application's last lines; null when the caller knows none.</param>
/// <param name="file">The file that they are from; null when its output is not ours.</param>
/// <param name="hasEnded">True when its process is gone.</param>
public sealed class UnhealthyException(
    Uri url,
    string reason,
    HealthAnswer? last,
    int probes,
    TimeSpan elapsed,
    IReadOnlyList<string>? log = null,
    string? file = null,
    bool hasEnded = false
) : SlipwayException(Text(url, reason, last, probes, elapsed, log ?? []), HintFor(url, last, file, hasEnded))
{
    /// <summary>The address that was probed.</summary>
    public Uri Url { get; } = url;

    /// <summary>Why the last answer is not a healthy one.</summary>
    public string Reason { get; } = reason;

    /// <summary>The last answer; null when nothing ever answered.</summary>
    public HealthAnswer? Last { get; } = last;

    /// <summary>How many probes were sent.</summary>
    public int Probes { get; } = probes;

    /// <summary>How long was waited.</summary>
    public TimeSpan Elapsed { get; } = elapsed;

    /// <summary>The application's last log lines; empty when the caller knows none.</summary>
    public IReadOnlyList<string> Log { get; } = log ?? [];

    /// <summary>True when its process is gone.</summary>
    public bool HasEnded { get; } = hasEnded;

    /// <summary>The same error with what the application printed last, and where the rest of it is.</summary>
    public UnhealthyException WithLog(IReadOnlyList<string> lines, string? file) =>
        new(Url, Reason, Last, Probes, Elapsed, lines, file, HasEnded);

    // The way back stops a release of ours, or puts another one in its place: then its output is all that is left of it.
    private static string HintFor(Uri url, HealthAnswer? last, string? file, bool hasEnded) =>
        file is not null
            ? $"see {(hasEnded ? "why it ended" : "what it says")} in {file}, mend the application and deploy again"
        : last is null
            ? $"see that the application runs and that this machine reaches it: curl -i {url}; then deploy again"
        : $"ask it yourself as long as it is not replaced: curl -i {url}; then mend the application and deploy again";

    private static string Text(
        Uri url,
        string reason,
        HealthAnswer? last,
        int probes,
        TimeSpan elapsed,
        IReadOnlyList<string> log
    )
    {
        var count = string.Create(CultureInfo.InvariantCulture, $"{probes} probe{(probes == 1 ? "" : "s")}");
        var lines = new List<string>
        {
            $"{url} is not healthy after {count} in {RunOutput.Duration(elapsed)}: {reason}",
        };
        if (last is not null)
        {
            lines.Add($"  last answer: {last}");
        }

        if (log.Count > 0)
        {
            lines.Add("  last lines of the application:");
            lines.AddRange(log.Select(line => $"    {line}"));
        }

        return string.Join('\n', lines);
    }
}
