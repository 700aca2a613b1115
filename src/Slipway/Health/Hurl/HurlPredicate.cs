namespace Slipway.Health.Hurl;

/// <summary>What a value must be, or must not be.</summary>
/// <param name="Not">True for the opposite.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Value">What it is compared with; null when the kind compares with nothing.</param>
public sealed record HurlPredicate(bool Not, HurlPredicateKind Kind, HurlLiteral? Value)
{
    /// <summary>The predicate as written.</summary>
    public override string ToString() => (Not ? "not " : "") + HurlWords.Of(Kind) + (Value is null ? "" : $" {Value}");
}
