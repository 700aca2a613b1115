using System.Buffers;
using System.IO.Pipes;
using System.Threading.Channels;
using Slipway.Storage;

namespace Slipway.Processes;

/// <summary>
/// Standard input of a program: written by a thread of its own, and able to tell a program that wants no more of it from a source
/// that failed.
/// </summary>
/// <remarks>For why a thread, see <see cref="ProcessOutput"/>: programs read as little at a time as they write.</remarks>
internal sealed class ProcessInput : AsyncStream
{
    private const int Waiting = 2;
    private readonly PipeStream _pipe;
    private readonly Channel<ArraySegment<byte>> _pieces = Channel.CreateUnbounded<ArraySegment<byte>>();
    private readonly SemaphoreSlim _places = new(Waiting);
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IOException? _closed;

    private ProcessInput(PipeStream pipe)
    {
        _pipe = pipe;
        LargePipe.Enlarge(pipe);
        new Thread(WriteBehind) { IsBackground = true, Name = "input of a program" }.Start();
    }

    public override bool CanWrite => true;

    /// <summary>Lets the input be written, and closes it.</summary>
    public static async Task FeedAsync(
        PipeStream pipe,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        var input = new ProcessInput(pipe);
        try
        {
            await write(input, cancellationToken);
        }
        catch (IOException) when (input._closed is not null)
        {
            // It has read enough, or has ended: its exit code tells which.
        }
        finally
        {
            input.Complete();
        }

        // Not where the source failed: a program that does not read is ended after this, and only that ends the writing.
        await input._written.Task.WaitAsync(cancellationToken);
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        await _places.WaitAsync(cancellationToken);
        if (_closed is { } closed)
        {
            _places.Release();
            throw new IOException(closed.Message, closed);
        }

        var piece = ArrayPool<byte>.Shared.Rent(buffer.Length);
        buffer.CopyTo(piece);
        _pieces.Writer.TryWrite(new(piece, 0, buffer.Length));
        _waiting.Release();
    }

    private void Complete()
    {
        _pieces.Writer.TryComplete();
        _waiting.Release();
    }

    // Ends when everything is written, or when nobody reads any more.
    private void WriteBehind()
    {
        try
        {
            for (_waiting.Wait(); _pieces.Reader.TryRead(out var piece); _waiting.Wait())
            {
                if (_closed is null)
                {
                    Write(piece);
                }

                ArrayPool<byte>.Shared.Return(piece.Array!);
                _places.Release();
            }
        }
        finally
        {
            ClosePipe();
            _written.TrySetResult();
        }
    }

    private void Write(ArraySegment<byte> piece)
    {
        try
        {
            _pipe.Write(piece);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            _closed = exception as IOException ?? new IOException(exception.Message, exception);
        }
    }

    private void ClosePipe()
    {
        try
        {
            _pipe.Dispose();
        }
        catch (IOException)
        {
            // There is nobody left at the other end.
        }
    }
}
