using System.Net;

namespace Slipway.Health;

/// <summary>Makes the handler that probes speak through: straight to the address, and nowhere else.</summary>
public static class DirectHttp
{
    /// <summary>A handler without proxy, redirects and cookies of its own; an idle connection is dropped after 5 s.</summary>
    public static SocketsHttpHandler CreateHandler() =>
        new()
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        };

    /// <summary>Reads a body up to a bound.</summary>
    /// <returns>Null when the body is larger.</returns>
    internal static async Task<byte[]?> ReadAsync(HttpContent content, int bound, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[bound + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > bound ? null : buffer[..length];
    }
}
