using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Proxy;

/// <summary>Tells the release who asked for what: X-Forwarded-For, -Proto and -Host, and the Host as it was.</summary>
internal sealed class Headers : HttpTransformer
{
    public static Headers Instance { get; } = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var (request, headers) = (httpContext.Request, proxyRequest.Headers);
        var from = httpContext.Connection.RemoteIpAddress;
        var believed = from is not null && IPAddress.IsLoopback(from);
        Tell("X-Forwarded-For", from?.ToString());
        Tell("X-Forwarded-Proto", request.Scheme);
        Tell("X-Forwarded-Host", request.Host.Value);
        headers.Host = request.Host.Value;

        // A web server in front of us, on this machine, knows better who asked; nobody else is believed.
        void Tell(string name, string? value)
        {
            if (!believed || !headers.Contains(name))
            {
                headers.Remove(name);
                headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
