namespace Slipway.Health.Hurl;

/// <summary>What a value must be.</summary>
public enum HurlPredicateKind
{
    /// <summary><c>==</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary>Text with a piece of text in it, or a list with an item.</summary>
    Contains,

    /// <summary>Text that begins so.</summary>
    StartsWith,

    /// <summary>Text that ends so.</summary>
    EndsWith,

    /// <summary>Text in which a pattern is found.</summary>
    Matches,

    /// <summary>There at all.</summary>
    Exists,

    /// <summary>Text.</summary>
    IsString,

    /// <summary>A whole number.</summary>
    IsInteger,

    /// <summary>A number.</summary>
    IsNumber,

    /// <summary>True or false.</summary>
    IsBoolean,

    /// <summary>No text, no items.</summary>
    IsEmpty,

    /// <summary>A list or an object.</summary>
    IsCollection,
}
