namespace Slipway.Settings;

/// <summary>A database address cut at its separators and decoded; its parameters not yet understood.</summary>
internal sealed record DatabaseUrlParts(
    string User,
    string? Password,
    string Host,
    int Port,
    string Database,
    IReadOnlyDictionary<string, string> Parameters
);
