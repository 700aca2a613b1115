using System.Security.Cryptography;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups;

/// <summary>Reads and compares what stores hold.</summary>
internal static class StoredFile
{
    /// <summary>The whole of a small object; null when there is none.</summary>
    public static async Task<byte[]?> ReadAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(key, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }

    /// <summary>Writes a small object.</summary>
    public static Task WriteAsync(
        IObjectStore store,
        string key,
        byte[] content,
        CancellationToken cancellationToken
    ) => store.PutAsync(key, (stream, token) => stream.WriteAsync(content, token).AsTask(), cancellationToken);

    /// <summary>True when an object is byte for byte what a manifest says.</summary>
    public static async Task<bool> IsAsync(
        IObjectStore store,
        string key,
        ArchiveSums sums,
        CancellationToken cancellationToken
    )
    {
        await using var stream = await store.OpenAsync(key, cancellationToken);
        return stream is not null
            && Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)) == sums.Sha256;
    }

    /// <summary>Opens an object that must be there.</summary>
    /// <exception cref="SlipwayException">It is not.</exception>
    public static async Task<Stream> OpenAsync(IObjectStore store, string key, CancellationToken cancellationToken) =>
        await store.OpenAsync(key, cancellationToken)
        ?? throw new SlipwayException(
            $"{key} is missing in {store.Location}",
            "do not rely on this backup; see how it stands with the others: ./build.sh BackupStatus"
        );

    /// <summary>Refuses what is not what a manifest says.</summary>
    /// <exception cref="SlipwayException">It is not.</exception>
    public static void Check(IObjectStore store, string key, ArchiveSums sums, MeasuringStream read)
    {
        if ((read.Bytes, read.Sha256()) != (sums.Bytes, sums.Sha256))
        {
            throw new SlipwayException(
                $"{key} in {store.Location} is not what was written: {read.Bytes} bytes with SHA-256 {read.Sha256()} "
                    + $"instead of {sums.Bytes} with {sums.Sha256}",
                "do not rely on this backup; see how it stands with the others: ./build.sh BackupStatus"
            );
        }
    }
}
