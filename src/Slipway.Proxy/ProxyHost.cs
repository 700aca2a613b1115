using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Proxy;

/// <summary>Forwards everything to the release that a file names.</summary>
internal static class ProxyHost
{
    private const string ControlPath = "/.slipway/upstream";

    public static async Task<int> RunAsync(string[] args)
    {
        var listen = Option(args, "--listen");
        var state = Option(args, "--state");
        if (listen is null || state is null)
        {
            await SayAsync("Usage: Slipway.Proxy --listen 127.0.0.1:8080 --state /path/upstream.json");
            return 2;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://{listen}").ConfigureKestrel(server => server.Limits.MaxRequestBodySize = null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddHttpForwarder();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));

        // What it says of an address that is taken is a page long; Listen says it in a line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        await using var app = builder.Build();
        var traffic = new Traffic();
        var following = new UpstreamFile(state, app.Logger).FollowAsync(
            traffic.Switch,
            app.Lifetime.ApplicationStopping
        );
        using var client = Client();
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(context => ForwardAsync(context, traffic, forwarder, client));
        try
        {
            await app.RunAsync();
            await following.ContinueWith(_ => { }, TaskScheduler.Default);
            return 0;
        }
        catch (IOException exception)
        {
            var problem =
                exception.InnerException is AddressInUseException ? "the address is already in use" : exception.Message;
            await SayAsync($"The proxy cannot listen on {listen}: {problem}");
            return 1;
        }
    }

#pragma warning disable RS0030 // The console is all that whoever starts it has of it.
    private static Task SayAsync(string line) => Console.Error.WriteLineAsync(line);
#pragma warning restore RS0030

    private static async Task ForwardAsync(
        HttpContext context,
        Traffic traffic,
        IHttpForwarder forwarder,
        HttpMessageInvoker client
    )
    {
        if (context.Request.Path == ControlPath)
        {
            await ControlAsync(context, traffic);
            return;
        }

        if (traffic.Enter() is not { } address)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return;
        }

        try
        {
            var request = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromMinutes(10) };
            await forwarder.SendAsync(context, address, client, request, Headers.Instance, context.RequestAborted);
        }
        finally
        {
            traffic.Leave(address);
        }
    }

    private static Task ControlAsync(HttpContext context, Traffic traffic)
    {
        if (context.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (traffic.Answer is { } answer)
        {
            return context.Response.WriteAsJsonAsync(
                answer,
                ProxyJson.Default.UpstreamAnswer,
                null,
                context.RequestAborted
            );
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private static HttpMessageInvoker Client() =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
                ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
                ConnectTimeout = TimeSpan.FromSeconds(5),
            }
        );

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is var index and >= 0 && index + 1 < args.Length ? args[index + 1] : null;
}
