using Slipway.Storage;

namespace Slipway.Processes;

/// <summary>Standard input of a program: tells a program that wants no more of it from a source that failed.</summary>
internal sealed class ProcessInput(Stream pipe) : AsyncStream
{
    private bool _isClosed;

    public override bool CanWrite => true;

    /// <summary>Lets the input be written, and closes it.</summary>
    public static async Task FeedAsync(
        Stream pipe,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        await using var input = new ProcessInput(pipe);
        try
        {
            await write(input, cancellationToken);
        }
        catch (IOException) when (input._isClosed)
        {
            // It has read enough, or has ended: its exit code tells which.
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await pipe.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            _isClosed = true;
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await pipe.DisposeAsync();
        }
        catch (IOException)
        {
            // There is nobody left at the other end.
        }

        await base.DisposeAsync();
    }
}
