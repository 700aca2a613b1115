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
);
