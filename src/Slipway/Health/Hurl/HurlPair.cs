namespace Slipway.Health.Hurl;

/// <summary>A name with a value: a header, a parameter, a field, a cookie.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public sealed record HurlPair(int Line, HurlTemplate Name, HurlTemplate Value);
