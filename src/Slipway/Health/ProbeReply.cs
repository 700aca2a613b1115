namespace Slipway.Health;

/// <summary>What came back from one probe, before it is judged.</summary>
/// <param name="StatusCode">HTTP status; 0 when nothing answered.</param>
/// <param name="ContentType">Media type of the body; null when there is none.</param>
/// <param name="Body">The whole body as text.</param>
/// <param name="Latency">How long it took.</param>
/// <param name="Problem">Why there is no usable answer; null when there is one.</param>
/// <param name="Final">True when another probe cannot come out better.</param>
internal sealed record ProbeReply(
    int StatusCode,
    string? ContentType,
    string Body,
    TimeSpan Latency,
    string? Problem = null,
    bool Final = false
);
