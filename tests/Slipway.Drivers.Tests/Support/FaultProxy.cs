using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Drivers.Tests.Support;

/// <summary>Stands before a server on loopback and lets requests go wrong as they are told to; one request a connection.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly Uri _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Lock _rules = new();
    private readonly List<Rule> _faults = [];
    private readonly int _port;
    private TcpListener _listener;
    private Task _accepting;

    public FaultProxy(Uri server)
    {
        _server = server;
        _listener = new(IPAddress.Loopback, 0);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public ConcurrentQueue<ProxiedRequest> Requests { get; } = [];

    /// <summary>Lets the next requests of a kind go wrong.</summary>
    public void Add(Fault fault, Func<ProxiedRequest, bool> when, int times = 1)
    {
        lock (_rules)
        {
            _faults.Add(new(fault, when) { Left = times });
        }
    }

    /// <summary>Nobody listens any more.</summary>
    public async Task GoAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    /// <summary>Listens again, at the same address.</summary>
    public void ComeBack()
    {
        _listener = new(IPAddress.Loopback, _port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await GoAsync();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception)
            when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await ServeAsync(client, client.GetStream(), _stop.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The client or the server went.
        }
    }

    private async Task ServeAsync(TcpClient client, NetworkStream stream, CancellationToken token)
    {
        if (await ReadHeadAsync(stream, token) is not { } head)
        {
            return;
        }

        var request = ProxiedRequest.Parse(head);
        Requests.Enqueue(request);
        var fault = Pick(request);
        if (fault.Delay is { } delay)
        {
            await Task.Delay(delay, token);
        }

        if (request.WaitsForGoAhead)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), token);
        }

        var body = new byte[fault.ResetsRequestAfter ?? request.BodyLength];
        await stream.ReadExactlyAsync(body, token);
        if (fault.ResetsRequestAfter is not null)
        {
            Reset(client);
        }
        else if (fault.Answer is { } answer)
        {
            await stream.WriteAsync(AnswerOf(request, answer, fault.Header), token);
        }
        else
        {
            Flip(body, fault.FlipsRequestAt);
            await RelayAsync(client, (request, body), fault, token);
        }
    }

    private async Task RelayAsync(
        TcpClient client,
        (ProxiedRequest Head, byte[] Body) request,
        Fault fault,
        CancellationToken token
    )
    {
        using var server = new TcpClient();
        await server.ConnectAsync(_server.Host, _server.Port, token);
        var up = server.GetStream();
        await up.WriteAsync(request.Head.Head(), token);
        await up.WriteAsync(request.Body, token);
        var head = await ReadHeadAsync(up, token) ?? throw new IOException("The server went.");
        if (fault.LosesAnswer)
        {
            Reset(client);
            return;
        }

        var down = client.GetStream();
        await down.WriteAsync(head, token);
        var buffer = new byte[1 << 16];
        var sent = 0;
        int count;
        while ((count = await up.ReadAsync(buffer, token)) > 0)
        {
            var rest = (fault.ResetsAnswerAfter ?? fault.EndsAnswerAfter ?? int.MaxValue) - sent;
            Flip(buffer.AsSpan(0, count), fault.FlipsAnswerAt - sent);
            await down.WriteAsync(buffer.AsMemory(0, Math.Min(count, rest)), token);
            sent += Math.Min(count, rest);
            if (rest <= count)
            {
                if (fault.ResetsAnswerAfter is not null)
                {
                    Reset(client);
                }

                return;
            }
        }
    }

    private Fault Pick(ProxiedRequest request)
    {
        lock (_rules)
        {
            var rule = _faults.FirstOrDefault(rule => rule.Left > 0 && rule.When(request));
            if (rule is null)
            {
                return new();
            }

            rule.Left--;
            return rule.Fault;
        }
    }

    private static async Task<byte[]?> ReadHeadAsync(NetworkStream stream, CancellationToken token)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, token) > 0)
        {
            head.Add(one[0]);
            if (head.Count >= 4 && head[^4..] is [13, 10, 13, 10])
            {
                return [.. head];
            }
        }

        return null;
    }

    private static byte[] AnswerOf(ProxiedRequest request, (int Status, string Code) answer, string? header)
    {
        var body = request.Method is "HEAD"
            ? ""
            : $"<?xml version=\"1.0\"?><Error><Code>{answer.Code}</Code><Message>injected</Message><RequestId>tx0</RequestId></Error>";
        string[] lines =
        [
            $"HTTP/1.1 {answer.Status} injected",
            "Content-Type: application/xml",
            $"Content-Length: {body.Length}",
            "x-amz-request-id: tx0",
            .. header is null ? [] : (string[])[header],
            "Connection: close",
            "",
            body,
        ];
        return Encoding.ASCII.GetBytes(string.Join("\r\n", lines));
    }

    private static void Flip(Span<byte> bytes, int? at)
    {
        if (at >= 0 && at < bytes.Length)
        {
            bytes[at.Value] ^= 1;
        }
    }

    private static void Reset(TcpClient client)
    {
        client.LingerState = new(enable: true, seconds: 0);
        client.Close();
    }

    private sealed record Rule(Fault Fault, Func<ProxiedRequest, bool> When)
    {
        public int Left { get; set; }
    }
}
