namespace Slipway.Health;

/// <summary>What an application answered to a probe.</summary>
/// <param name="StatusCode">HTTP status.</param>
/// <param name="ContentType">Media type of the body; null when the answer names none.</param>
/// <param name="Body">The body in one line, at most 300 characters of it.</param>
/// <param name="Latency">From the request to the end of the body.</param>
/// <param name="Version">The release that the application says it is; null when it says none.</param>
public sealed record HealthAnswer(int StatusCode, string? ContentType, string Body, TimeSpan Latency, string? Version)
{
    private const int Longest = 300;

    /// <summary>The answer in one line: <c>HTTP 503 text/plain: starting</c>.</summary>
    public override string ToString() =>
        $"HTTP {StatusCode} {ContentType ?? "without a content type"}: {(Body.Length == 0 ? "(no body)" : Body)}";

    /// <summary>A text in one line, control characters as spaces, cut after 300 characters.</summary>
    internal static string Excerpt(string text)
    {
        var line = string.Concat(text.Take(Longest + 1).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length > Longest ? $"{line[..(Longest - 1)]}…" : line;
    }
}
