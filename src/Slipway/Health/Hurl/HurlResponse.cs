namespace Slipway.Health.Hurl;

/// <summary>What is expected of a response.</summary>
/// <param name="Line">Line of the status.</param>
/// <param name="Version">Version of HTTP, such as <c>1.1</c>; null for any.</param>
/// <param name="Status">Status; null for any.</param>
public sealed record HurlResponse(int Line, string? Version, int? Status)
{
    /// <summary>Headers that must have these values.</summary>
    public IReadOnlyList<HurlPair> Headers { get; init; } = [];

    /// <summary>Values kept for the requests that follow.</summary>
    public IReadOnlyList<HurlCapture> Captures { get; init; } = [];

    /// <summary>What must hold.</summary>
    public IReadOnlyList<HurlAssert> Asserts { get; init; } = [];
}
