using System.Collections.Concurrent;
using System.Net;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>Slack's incoming webhook on loopback; it takes as long, and answers with the status, that a test wants.</summary>
public sealed class SlackServer : IDisposable
{
    private readonly HttpListener _listener = new();

    public SlackServer(int status = 200, TimeSpan delay = default)
    {
        Url = $"http://127.0.0.1:{Project.FreePort()}/services/T000/B000/swordfish-webhook";
        _listener.Prefixes.Add($"{new Uri(Url).GetLeftPart(UriPartial.Authority)}/");
        _listener.Start();
        _ = ServeAsync(status, delay);
    }

    public string Url { get; }

    public ConcurrentQueue<string> Bodies { get; } = new();

    public void Dispose() => _listener.Close();

    private async Task ServeAsync(int status, TimeSpan delay)
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                Bodies.Enqueue(await reader.ReadToEndAsync(CancellationToken.None));
                await Task.Delay(delay, CancellationToken.None);
                context.Response.StatusCode = status;
                context.Response.Close("ok"u8.ToArray(), willBlock: false);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
