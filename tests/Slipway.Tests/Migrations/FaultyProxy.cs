using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Tests.Migrations;

/// <summary>Passes bytes between clients and a server until a fault strikes.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _killed = new();
    private readonly int _server;
    private readonly Fault _fault;
    private readonly Func<ReadOnlyMemory<byte>, bool> _strikes;
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="server">Port of the server.</param>
    /// <param name="fault">What happens.</param>
    /// <param name="strikes">Sees all that clients send, and says when it happens.</param>
    public FaultyProxy(int server, Fault fault, Func<ReadOnlyMemory<byte>, bool> strikes)
    {
        (_server, _fault, _strikes) = (server, fault, strikes);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>One that strikes at a word.</summary>
    public FaultyProxy(int server, Fault fault, string word)
        : this(server, fault, bytes => bytes.Span.IndexOf(Encoding.ASCII.GetBytes(word)) >= 0) { }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _killed.CancelAsync();
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _killed.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            if (_killed.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // There is no server to speak to, or nobody to speak for any more.
                return;
            }

            var isDeaf = false;
            var up = PumpAsync(
                client.GetStream(),
                server.GetStream(),
                bytes =>
                {
                    var strikes = _strikes(bytes);
                    isDeaf |= strikes;
                    return !strikes || _fault is Fault.AnswerLost;
                }
            );
            // What the server says after the fault never arrives.
            var down = PumpAsync(server.GetStream(), client.GetStream(), _ => !isDeaf);
            await await Task.WhenAny(up, down);
            if (isDeaf && _fault is Fault.Killed)
            {
                await _killed.CancelAsync();
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        var buffer = new byte[65536];
        try
        {
            while (
                await from.ReadAsync(buffer, _killed.Token) is > 0 and var count && passes(buffer.AsMemory(0, count))
            )
            {
                await to.WriteAsync(buffer.AsMemory(0, count), _killed.Token);
            }
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Either end hung up.
        }
    }
}
