namespace Slipway.Health.Hurl;

/// <summary>A request as written.</summary>
/// <param name="Line">Line of the method.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Url">Absolute address.</param>
public sealed record HurlRequest(int Line, string Method, HurlTemplate Url)
{
    /// <summary>Header lines.</summary>
    public IReadOnlyList<HurlPair> Headers { get; init; } = [];

    /// <summary>Parameters added to the address.</summary>
    public IReadOnlyList<HurlPair> Query { get; init; } = [];

    /// <summary>Fields of a form body.</summary>
    public IReadOnlyList<HurlPair> Form { get; init; } = [];

    /// <summary>Cookies sent beside those that were received.</summary>
    public IReadOnlyList<HurlPair> Cookies { get; init; } = [];

    /// <summary>User and password of basic authentication; null when there is none.</summary>
    public HurlPair? BasicAuth { get; init; }

    /// <summary>How often and when it is sent.</summary>
    public HurlOptions Options { get; init; } = new();

    /// <summary>The body; null when there is none.</summary>
    public HurlBody? Body { get; init; }
}
