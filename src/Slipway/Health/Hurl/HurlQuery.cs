namespace Slipway.Health.Hurl;

/// <summary>What of a response is looked at, and what is made of it.</summary>
/// <param name="Kind">What is looked at.</param>
/// <param name="Argument">Name, path or pattern; null when the kind takes none.</param>
/// <param name="Filters">What is made of it, one after the other.</param>
public sealed record HurlQuery(HurlQueryKind Kind, string? Argument, IReadOnlyList<HurlFilter> Filters)
{
    /// <summary>The query as written.</summary>
    public override string ToString() =>
        string.Join(
            ' ',
            Filters
                .Select(filter => filter.ToString())
                .Prepend(HurlWords.Of(Kind) + (Argument is null ? "" : $" {HurlWords.Quote(Argument)}"))
        );
}
