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
    public async Task<IReadOnlyList<StoredBackup>> ListAsync(CancellationToken cancellationToken) =>
        await ReadAsync(await KeysAsync(cancellationToken), cancellationToken);

    /// <summary>The newest backup that was verified; null when there is none. Older ones are not looked at.</summary>
    public async Task<StoredBackup?> LatestAsync(CancellationToken cancellationToken)
    {
        var backups = (await KeysAsync(cancellationToken))
            .GroupBy(BackupKeys.Id, StringComparer.Ordinal)
            .Where(keys => keys.Any(BackupKeys.IsManifest) && keys.Any(BackupKeys.IsVerification));
        // An id begins with its second; within one the manifests tell which is newer.
        foreach (
            var second in backups
                .GroupBy(keys => BackupKeys.Second(keys.Key), StringComparer.Ordinal)
                .OrderByDescending(second => second.Key, StringComparer.Ordinal)
        )
        {
            var found = await ReadAsync([.. second.SelectMany(keys => keys)], cancellationToken);
            if (found.LastOrDefault(backup => backup.IsVerified) is { } latest)
            {
                return latest;
            }
        }

        return null;
    }

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

    private async Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(BackupKeys.Prefix(environment), cancellationToken)).Select(item => item.Key)];

    private async Task<IReadOnlyList<StoredBackup>> ReadAsync(
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    )
    {
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
