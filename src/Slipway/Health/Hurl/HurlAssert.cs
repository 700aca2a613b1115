namespace Slipway.Health.Hurl;

/// <summary>What must hold for a response.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Query">What is looked at.</param>
/// <param name="Predicate">What it must be.</param>
public sealed record HurlAssert(int Line, HurlQuery Query, HurlPredicate Predicate)
{
    /// <summary>The assertion as written.</summary>
    public override string ToString() => $"{Query} {Predicate}";
}
