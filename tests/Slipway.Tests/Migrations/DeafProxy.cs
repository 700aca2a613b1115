using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Tests.Migrations;

/// <summary>Passes bytes between clients and a server, and cuts a client off once the server got a word from it and answered.</summary>
internal sealed class DeafProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _server;
    private readonly byte[] _word;
    private readonly Task _accepting;

    public DeafProxy(int server, string word)
    {
        (_server, _word) = (server, Encoding.ASCII.GetBytes(word));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _listener.Dispose();
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
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
            var isDeaf = false;
            var up = PumpAsync(
                client.GetStream(),
                server.GetStream(),
                bytes => (isDeaf |= bytes.Span.IndexOf(_word) >= 0, true).Item2
            );
            // What the server says after the word was heard never arrives.
            var down = PumpAsync(server.GetStream(), client.GetStream(), _ => !isDeaf);
            await await Task.WhenAny(up, down);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        var buffer = new byte[8192];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count && passes(buffer.AsMemory(0, count)))
            {
                await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Either end hung up.
        }
    }
}
