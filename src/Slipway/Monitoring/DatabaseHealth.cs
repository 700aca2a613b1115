using System.Globalization;

namespace Slipway.Monitoring;

/// <summary>How a database does at one moment.</summary>
/// <param name="ConnectTime">How long a connection takes.</param>
/// <param name="Connections">Connections to this database.</param>
/// <param name="MaxConnections">Connections that the server allows.</param>
/// <param name="LongestQuery">How long the longest running query runs.</param>
/// <param name="Blocked">Sessions that wait for a lock.</param>
/// <param name="CacheHitPercent">Share of blocks found in memory.</param>
/// <param name="InvalidIndexes">Indexes that a failed build left.</param>
/// <param name="Size">Bytes on disk.</param>
public sealed record DatabaseHealth(
    TimeSpan ConnectTime,
    int Connections,
    int MaxConnections,
    TimeSpan LongestQuery,
    int Blocked,
    double CacheHitPercent,
    int InvalidIndexes,
    long Size
)
{
    /// <summary>In one line.</summary>
    public string Summary =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Connections} of {MaxConnections} connections, longest query {LongestQuery.TotalSeconds:0.0} s, {Blocked} blocked, cache {CacheHitPercent:0} %, {InvalidIndexes} invalid indexes"
        );
}
