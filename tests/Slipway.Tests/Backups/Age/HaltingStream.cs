namespace Slipway.Tests.Backups.Age;

/// <summary>Gives out a few bytes at a time, as networks do.</summary>
internal sealed class HaltingStream(byte[] content, int atMost) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, atMost)], cancellationToken);
}
