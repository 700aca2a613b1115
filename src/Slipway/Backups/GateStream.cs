using Slipway.Storage;

namespace Slipway.Backups;

/// <summary>Passes what is written on until it is shut; then it swallows it.</summary>
/// <remarks>The stream behind it is left open.</remarks>
internal sealed class GateStream(Stream target) : AsyncStream
{
    private bool _isShut;

    public override bool CanWrite => true;

    /// <summary>Lets nothing more through.</summary>
    public void Shut() => _isShut = true;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isShut ? ValueTask.CompletedTask : target.WriteAsync(buffer, cancellationToken);
}
