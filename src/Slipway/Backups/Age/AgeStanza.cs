namespace Slipway.Backups.Age;

/// <summary>The part of a header that holds the file key for one recipient.</summary>
/// <param name="Arguments">Its kind, then what the kind needs.</param>
/// <param name="Body">The wrapped file key.</param>
internal sealed record AgeStanza(IReadOnlyList<string> Arguments, byte[] Body)
{
    public const int BodySize = AgeHeader.FileKeySize + AgeCipher.TagSize;

    public string Kind => Arguments[0];

    /// <summary>Refuses a body that cannot hold a file key before a key is tried on it.</summary>
    public void CheckBody()
    {
        if (Body.Length != BodySize)
        {
            throw AgeException.Header($"a stanza for {Kind} holds {Body.Length} bytes instead of {BodySize}");
        }
    }
}
