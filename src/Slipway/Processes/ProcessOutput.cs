using System.Buffers;
using System.IO.Pipes;
using System.Threading.Channels;
using Slipway.Storage;

namespace Slipway.Processes;

/// <summary>Standard output of a program that writes much: read ahead by a thread of its own, in large pieces.</summary>
/// <remarks>
/// Programs write 4 or 8 KiB at a time. Read as .NET reads pipes, each of these wakes a thread that watches them, another one
/// that reads, and threads that look for more to do, which with two processors took a third of pg_dump's time. A larger pipe
/// lets the program go on while the reader sleeps for a moment, and nobody waits for whoever works on what was read.
/// </remarks>
internal sealed class ProcessOutput : AsyncStream
{
    private const int Size = LargePipe.Size;
    private const int Waiting = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private readonly PipeStream _pipe;
    private readonly bool _isLarge;
    private readonly Channel<ArraySegment<byte>> _pieces = Channel.CreateUnbounded<ArraySegment<byte>>();
    private readonly SemaphoreSlim _places = new(Waiting);
    private ArraySegment<byte> _piece = ArraySegment<byte>.Empty;
    private int _taken;

    public ProcessOutput(PipeStream pipe)
    {
        _pipe = pipe;
        _isLarge = LargePipe.Enlarge(pipe);
        new Thread(ReadAhead) { IsBackground = true, Name = "output of a program" }.Start();
    }

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_taken == _piece.Count)
        {
            if (!await _pieces.Reader.WaitToReadAsync(cancellationToken) || !_pieces.Reader.TryRead(out var next))
            {
                return 0;
            }

            if (_piece.Array is { Length: > 0 } done)
            {
                ArrayPool<byte>.Shared.Return(done);
                _places.Release();
            }

            (_piece, _taken) = (next, 0);
        }

        var count = Math.Min(buffer.Length, _piece.Count - _taken);
        _piece.AsSpan(_taken, count).CopyTo(buffer.Span);
        _taken += count;
        return count;
    }

    // Ends with the program, or when nobody reads any more.
    private void ReadAhead()
    {
        try
        {
            ArraySegment<byte> piece;
            do
            {
                _places.Wait();
                piece = ReadPiece();
            } while (piece.Count > 0 && _pieces.Writer.TryWrite(piece));

            _pieces.Writer.TryComplete();
        }
        catch (Exception exception)
        {
            _pieces.Writer.TryComplete(exception);
        }
    }

    private ArraySegment<byte> ReadPiece()
    {
        var piece = ArrayPool<byte>.Shared.Rent(Size);
        var count = 0;
        for (int read; count < Size && (read = _pipe.Read(piece, count, Size - count)) > 0; count += read)
        {
            if (_isLarge && read < Size / 4)
            {
                Thread.Sleep(Pause);
            }
        }

        return new(piece, 0, count);
    }

    protected override void Dispose(bool disposing)
    {
        _pieces.Writer.TryComplete();
        _places.Release();
        base.Dispose(disposing);
    }
}
