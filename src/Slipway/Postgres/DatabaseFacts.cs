namespace Slipway.Postgres;

/// <summary>What a database says about itself.</summary>
/// <param name="SystemIdentifier">The server's own identifier; null when the role may not see it.</param>
/// <param name="Version">Version of the server, such as <c>15.18</c>.</param>
/// <param name="Major">Its major version.</param>
/// <param name="Address">Address and port as the server sees them.</param>
/// <param name="Database">Name of the database.</param>
/// <param name="DatabaseId">Its number on the server; one that was restored in its place has another.</param>
/// <param name="IsReplica">True when it takes no writes.</param>
/// <param name="Size">Bytes on disk.</param>
/// <param name="ConnectTime">How long the connection took.</param>
public sealed record DatabaseFacts(
    string? SystemIdentifier,
    string Version,
    int Major,
    string Address,
    string Database,
    long DatabaseId,
    bool IsReplica,
    long Size,
    TimeSpan ConnectTime
);
