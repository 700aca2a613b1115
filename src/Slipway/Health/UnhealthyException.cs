using System.Globalization;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Health;

/// <summary>A release did not become healthy.</summary>
public sealed class UnhealthyException(
    Uri url,
    string reason,
    HealthAnswer? last,
    int probes,
    TimeSpan elapsed,
    IReadOnlyList<string> log
)
    : SlipwayException(
        Text(url, reason, last, probes, elapsed, log),
        $"ask it yourself while it runs: curl -i {url}; then mend the application and deploy again"
    )
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
    public IReadOnlyList<string> Log { get; } = log;

    /// <summary>The same error with the application's last log lines in its message.</summary>
    public UnhealthyException WithLog(IReadOnlyList<string> lines) => new(Url, Reason, Last, Probes, Elapsed, lines);

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
