namespace Slipway.Migrations.Rehearsal;

/// <summary>A definition that is not the same any more.</summary>
/// <param name="Before">What it was; null when it is new.</param>
/// <param name="After">What it is; null when it is gone.</param>
public sealed record SchemaChange(SchemaObject? Before, SchemaObject? After)
{
    /// <summary>Whichever there is.</summary>
    public SchemaObject Any => Before ?? After!;

    /// <inheritdoc />
    public override string ToString() =>
        (Before, After) switch
        {
            (null, _) => $"{After} is new",
            (_, null) => $"{Before} is gone",
            _ => $"{Before}: {Shortened(Before.Definition)} → {Shortened(After.Definition)}",
        };

    private static string Shortened(string text) =>
        text.ReplaceLineEndings(" ") is { Length: > 60 } line ? $"{line[..60]}…" : text.ReplaceLineEndings(" ");
}
