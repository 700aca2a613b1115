using System.Security.Cryptography;

namespace Slipway.Backups.Age;

/// <summary>
/// Gives an encrypted file to other recipients without decrypting its content: the header is new, the payload stays.
/// </summary>
/// <remarks>
/// Whoever could open the old file and kept it, or its file key, can still read it. The payload is not looked at: a damaged
/// one stays damaged.
/// </remarks>
public static class AgeRewrap
{
    /// <summary>Makes the new header of a file.</summary>
    /// <param name="source">The file, or as much of it as holds the header (64 KiB are always enough).</param>
    /// <param name="identities">Keys of which one opens it.</param>
    /// <param name="recipients">Who shall be able to read it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="AgeException">None of the keys opens it, or its header is broken.</exception>
    public static async Task<AgeNewHeader> HeaderAsync(
        Stream source,
        IReadOnlyList<AgeIdentity> identities,
        IReadOnlyList<AgeRecipient> recipients,
        CancellationToken cancellationToken
    )
    {
        using var input = new AgeInput(source);
        return await HeaderAsync(input, identities, recipients, cancellationToken);
    }

    /// <summary>Copies a file with a new header.</summary>
    /// <param name="source">The file.</param>
    /// <param name="identities">Keys of which one opens it.</param>
    /// <param name="target">Where its copy goes.</param>
    /// <param name="recipients">Who shall be able to read the copy.</param>
    /// <param name="cancellationToken">Stops copying.</param>
    /// <exception cref="AgeException">None of the keys opens it, or its header is broken; nothing was written.</exception>
    public static async Task CopyAsync(
        Stream source,
        IReadOnlyList<AgeIdentity> identities,
        Stream target,
        IReadOnlyList<AgeRecipient> recipients,
        CancellationToken cancellationToken
    )
    {
        using var input = new AgeInput(source);
        var header = await HeaderAsync(input, identities, recipients, cancellationToken);
        await target.WriteAsync(header.Bytes, cancellationToken);
        for (; input.Data.Length > 0; await input.FillAsync(AgeChunks.Sealed, cancellationToken))
        {
            await target.WriteAsync(input.Data, cancellationToken);
            input.Consume(input.Data.Length);
        }

        await target.FlushAsync(cancellationToken);
    }

    private static async Task<AgeNewHeader> HeaderAsync(
        AgeInput input,
        IReadOnlyList<AgeIdentity> identities,
        IReadOnlyList<AgeRecipient> recipients,
        CancellationToken cancellationToken
    )
    {
        var (header, length) = await input.ReadHeaderAsync(cancellationToken);
        var fileKey = header.Unwrap(identities);
        var written = AgeHeader.Write(recipients, fileKey);
        CryptographicOperations.ZeroMemory(fileKey);
        return new(written, length);
    }
}
