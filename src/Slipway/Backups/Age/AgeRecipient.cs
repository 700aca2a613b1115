namespace Slipway.Backups.Age;

/// <summary>Somebody for whom a file can be encrypted.</summary>
public abstract class AgeRecipient
{
    // Only the kinds of this folder know how to wrap a file key.
    private protected AgeRecipient() { }

    /// <summary>A short name that stays the same and tells nothing of the key.</summary>
    public abstract string KeyId { get; }

    internal abstract bool StandsAlone { get; }

    internal abstract AgeStanza Wrap(ReadOnlySpan<byte> fileKey);
}
