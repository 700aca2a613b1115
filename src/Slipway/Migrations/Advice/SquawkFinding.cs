using System.Text.Json.Serialization;

namespace Slipway.Migrations.Advice;

/// <summary>What squawk says of a place in a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 0.</param>
/// <param name="Message">What it found.</param>
/// <param name="Help">What it would do; null when it does not say.</param>
/// <param name="Rule">Name of its rule.</param>
internal sealed record SquawkFinding(
    string File,
    int Line,
    string Message,
    string? Help,
    [property: JsonPropertyName("rule_name")] string Rule
)
{
    /// <summary>In one line.</summary>
    public override string ToString() => $"{File}:{Line + 1} {Rule}: {Message}{(Help is null ? "" : $" → {Help}")}";
}
