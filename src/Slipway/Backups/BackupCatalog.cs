using System.Text.Json;
using Slipway.Runs;
using Slipway.Storage;

namespace Slipway.Backups;

/// <summary>Knows the backups of an environment that a store holds.</summary>
public sealed class BackupCatalog(IObjectStore store, string environment, RunOutput output)
{
    /// <summary>The environment.</summary>
    public string Environment => environment;

    /// <summary>Every backup with its manifest, the newest last; one whose manifest cannot be read is named in a warning.</summary>
    public async Task<IReadOnlyList<StoredBackup>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = (await store.ListAsync(BackupKeys.Prefix(environment), cancellationToken))
            .Select(item => item.Key)
            .ToList();
        var verifications = keys.Where(BackupKeys.IsVerification).ToLookup(BackupKeys.Id, StringComparer.Ordinal);
        var found = new List<StoredBackup>();
        foreach (var key in keys.Where(BackupKeys.IsManifest))
        {
            if (await ReadAsync(key, BackupManifest.Parse, cancellationToken) is { } manifest)
            {
                found.Add(new(manifest, await VerificationsAsync(verifications[manifest.Id], cancellationToken)));
            }
        }

        return
        [
            .. found.OrderBy(backup => backup.Manifest.Started).ThenBy(backup => backup.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The newest backup that was verified; null when there is none.</summary>
    public async Task<StoredBackup?> LatestAsync(CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).LastOrDefault(backup => backup.IsVerified);

    /// <summary>Adds a backup: from now on it is one.</summary>
    internal Task AddAsync(BackupManifest manifest, CancellationToken cancellationToken) =>
        WriteAsync(BackupKeys.Manifest(environment, manifest.Id), manifest.ToJson(), cancellationToken);

    /// <summary>Writes down what a verification found.</summary>
    internal Task AddAsync(BackupVerification verification, CancellationToken cancellationToken)
    {
        var stamp = $"{verification.At:yyyyMMdd'T'HHmmssfff'Z'}-{(int)verification.Level}";
        var key = BackupKeys.Verification(environment, verification.Backup, stamp);
        return WriteAsync(key, verification.ToJson(), cancellationToken);
    }

    private async Task<IReadOnlyList<BackupVerification>> VerificationsAsync(
        IEnumerable<string> keys,
        CancellationToken cancellationToken
    )
    {
        var found = new List<BackupVerification>();
        foreach (var key in keys)
        {
            if (await ReadAsync(key, BackupVerification.Parse, cancellationToken) is { } verification)
            {
                found.Add(verification);
            }
        }

        return found;
    }

    private async Task<T?> ReadAsync<T>(string key, Func<string, T?> parse, CancellationToken cancellationToken)
        where T : class
    {
        await using var stream = await store.OpenAsync(key, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        try
        {
            return parse(await reader.ReadToEndAsync(cancellationToken));
        }
        catch (JsonException exception)
        {
            output.Warn($"{key} in {store.Location} cannot be read, so its backup does not count: {exception.Message}");
            return null;
        }
    }

    private Task WriteAsync(string key, byte[] content, CancellationToken cancellationToken) =>
        store.PutAsync(key, (stream, token) => stream.WriteAsync(content, token).AsTask(), cancellationToken);
}
