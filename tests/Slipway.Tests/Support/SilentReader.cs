namespace Slipway.Tests.Support;

/// <summary>A console at which nobody types.</summary>
internal sealed class SilentReader : TextReader
{
    private readonly TaskCompletionSource _reading = new();
    private readonly ManualResetEventSlim _ended = new();

    public Task Reading => _reading.Task;

    public override string? ReadLine()
    {
        _reading.TrySetResult();
        _ended.Wait(TimeSpan.FromMinutes(1), CancellationToken.None);
        return null;
    }

    protected override void Dispose(bool disposing)
    {
        // The reader left behind may still look at the event.
        _ended.Set();
        base.Dispose(disposing);
    }
}
