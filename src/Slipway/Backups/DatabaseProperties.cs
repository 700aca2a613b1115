namespace Slipway.Backups;

/// <summary>What a database was made with.</summary>
/// <param name="Owner">Its owner.</param>
/// <param name="Encoding">Its encoding, such as <c>UTF8</c>.</param>
/// <param name="Collate">Its collation.</param>
/// <param name="Type">Its character classification.</param>
/// <param name="Grants">Who may do what with it, as the server writes it; empty for the default.</param>
public sealed record DatabaseProperties(
    string Owner,
    string Encoding,
    string Collate,
    string Type,
    IReadOnlyList<string> Grants
)
{
    /// <summary>Who sorts: <c>c</c> for the system's library (default), <c>i</c> for ICU, <c>b</c> for the server itself.</summary>
    public string Provider { get; init; } = "c";

    /// <summary>The provider's own locale; null for the system's library.</summary>
    public string? Locale { get; init; }
}
