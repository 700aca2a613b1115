namespace Slipway.Health.Hurl;

/// <summary>A request and what is expected of its response.</summary>
/// <param name="Title">The comment line above the request; null when there is none.</param>
/// <param name="Request">What is sent.</param>
/// <param name="Response">What is expected; null when any response will do.</param>
public sealed record HurlEntry(string? Title, HurlRequest Request, HurlResponse? Response);
