namespace Slipway.Health.Hurl;

/// <summary>The type of a written value.</summary>
public enum HurlLiteralKind
{
    /// <summary>Quoted text.</summary>
    Text,

    /// <summary>A number, true, false or null: written as in JSON.</summary>
    Json,

    /// <summary>A variable, with the type of its value.</summary>
    Variable,

    /// <summary>A pattern between slashes.</summary>
    Pattern,
}
