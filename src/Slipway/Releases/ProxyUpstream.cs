namespace Slipway.Releases;

/// <summary>What the proxy is told, and what it answers when asked.</summary>
/// <param name="Upstream">Address of the release that gets the traffic.</param>
/// <param name="Release">That release.</param>
/// <param name="ActiveRequests">Requests in flight for each address; only in answers.</param>
internal sealed record ProxyUpstream(
    string Upstream,
    string Release,
    IReadOnlyDictionary<string, long>? ActiveRequests = null
);
