namespace Slipway.Health.Hurl;

/// <summary>A step that makes another value of one.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Argument">Pattern, separator or place; null when it takes none.</param>
public sealed record HurlFilter(HurlFilterKind Kind, string? Argument)
{
    /// <summary>The filter as written.</summary>
    public override string ToString() =>
        Argument is null ? HurlWords.Of(Kind)
        : Kind is HurlFilterKind.Nth ? $"{HurlWords.Of(Kind)} {Argument}"
        : $"{HurlWords.Of(Kind)} {HurlWords.Quote(Argument)}";
}
