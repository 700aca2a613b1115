namespace Slipway.Health.Hurl;

/// <summary>A value kept from a response.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Name">The variable it becomes.</param>
/// <param name="Query">Where it is found.</param>
/// <param name="Redact">True when it is never printed.</param>
public sealed record HurlCapture(int Line, string Name, HurlQuery Query, bool Redact);
