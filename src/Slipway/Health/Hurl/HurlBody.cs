namespace Slipway.Health.Hurl;

/// <summary>A request's body.</summary>
/// <param name="IsJson">True when it is JSON, sent as such unless a header says otherwise.</param>
/// <param name="Text">The text.</param>
public sealed record HurlBody(bool IsJson, HurlTemplate Text);
