namespace Slipway.Health.Hurl;

/// <summary>A value as written in a predicate.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Text">The text, number, variable or pattern.</param>
public sealed record HurlLiteral(HurlLiteralKind Kind, HurlTemplate Text)
{
    /// <summary>The value as written.</summary>
    public override string ToString() =>
        Kind switch
        {
            HurlLiteralKind.Text => HurlWords.Quote(Text.ToString()),
            HurlLiteralKind.Pattern => $"/{Text.ToString().Replace("/", "\\/", StringComparison.Ordinal)}/",
            _ => Text.ToString(),
        };
}
