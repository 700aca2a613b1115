using System.Text.Json;
using Slipway.Runs;
using Slipway.Storage;

namespace Slipway.Backups.PgBackRest;

/// <summary>Keeps in a store what verifications of a server's backups found.</summary>
/// <param name="store">The store.</param>
/// <param name="environment">Whose server it is.</param>
/// <param name="stanza">The server.</param>
/// <param name="output">Gets a warning for what cannot be read.</param>
public sealed class ProofBook(IObjectStore store, string environment, string stanza, RunOutput output)
{
    private string Prefix => $"server-backups/{environment}/{stanza}/";

    /// <summary>Everything that was found, by backup, the newest last.</summary>
    public async Task<ILookup<string, BackupVerification>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new List<BackupVerification>();
        foreach (var item in await store.ListAsync(Prefix, cancellationToken))
        {
            if (await ReadAsync(item.Key, cancellationToken) is { } verification)
            {
                found.Add(verification);
            }
        }

        return found.OrderBy(item => item.At).ToLookup(item => item.Backup, StringComparer.Ordinal);
    }

    /// <summary>Writes down what a verification found.</summary>
    public Task AddAsync(BackupVerification verification, CancellationToken cancellationToken)
    {
        var stamp = $"{verification.At:yyyyMMdd'T'HHmmssfff'Z'}-{(int)verification.Level}";
        return store.PutAsync(
            $"{Prefix}{verification.Backup}/verified-{stamp}.json",
            (stream, token) => stream.WriteAsync(verification.ToJson(), token).AsTask(),
            cancellationToken
        );
    }

    /// <summary>Forgets backups that are no more.</summary>
    public async Task ForgetAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        foreach (var item in await store.ListAsync(Prefix, cancellationToken))
        {
            if (labels.Contains(item.Key[Prefix.Length..].Split('/')[0], StringComparer.Ordinal))
            {
                await store.DeleteAsync(item.Key, cancellationToken);
            }
        }
    }

    private async Task<BackupVerification?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(key, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        try
        {
            return BackupVerification.Parse(await reader.ReadToEndAsync(cancellationToken));
        }
        catch (JsonException exception)
        {
            output.Warn(
                $"{key} in {store.Location} cannot be read, so that verification does not count: {exception.Message}"
            );
            return null;
        }
    }
}
