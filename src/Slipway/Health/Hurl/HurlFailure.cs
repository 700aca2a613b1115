namespace Slipway.Health.Hurl;

/// <summary>Something that does not hold.</summary>
/// <param name="Line">Its line in the file.</param>
/// <param name="What">What was looked at.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Actual">What it is; secrets are left out.</param>
public sealed record HurlFailure(int Line, string What, string Expected, string Actual)
{
    /// <summary>The failure in one line.</summary>
    public override string ToString() => $"line {Line}: {What}: expected {Expected}, got {Actual}";
}
