namespace Slipway.Health.Hurl;

/// <summary>What of a response is looked at.</summary>
public enum HurlQueryKind
{
    /// <summary>The status.</summary>
    Status,

    /// <summary>A header.</summary>
    Header,

    /// <summary>A cookie that the response sets.</summary>
    Cookie,

    /// <summary>The body as text.</summary>
    Body,

    /// <summary>The body as bytes.</summary>
    Bytes,

    /// <summary>A place in a JSON body.</summary>
    Jsonpath,

    /// <summary>The first group that a pattern finds in the body.</summary>
    Regex,

    /// <summary>Milliseconds from the request to the end of the body.</summary>
    Duration,
}
