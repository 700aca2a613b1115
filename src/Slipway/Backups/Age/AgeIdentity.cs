namespace Slipway.Backups.Age;

/// <summary>A key that opens files.</summary>
public abstract class AgeIdentity
{
    // Only the kinds of this folder know how to unwrap a file key.
    private protected AgeIdentity() { }

    /// <summary>Whom files must be encrypted for so that this key opens them.</summary>
    public abstract AgeRecipient Recipient { get; }

    /// <summary>The file key; null when no stanza is for this key.</summary>
    /// <exception cref="AgeException">A stanza of this key's kind is not as the format says.</exception>
    internal abstract byte[]? Unwrap(IReadOnlyList<AgeStanza> stanzas);
}
