using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Runs;

/// <summary>The records of an environment's runs: in the store, and those of this machine in a folder too.</summary>
/// <param name="store">The store.</param>
/// <param name="environment">The environment.</param>
/// <param name="folder">This machine's copies; null to read the store alone.</param>
public sealed class RunStore(IObjectStore store, string environment, string? folder)
{
    /// <summary>All runs that the store knows, the newest last.</summary>
    public async Task<IReadOnlyList<RunId>> ListAsync(CancellationToken cancellationToken) =>
        [
            .. (await store.ListAsync($"runs/{environment}/", cancellationToken))
                .Select(item => item.Key.Split('/')[^1])
                .Where(name => name.EndsWith(".jsonl", StringComparison.Ordinal))
                .Select(name => new RunId(name[..^".jsonl".Length])),
        ];

    /// <summary>Reads the longer copy of a record, as either may be behind; null when there is none.</summary>
    /// <exception cref="SlipwayException">The store's copy was changed.</exception>
    public async Task<RunRecord?> ReadAsync(RunId id, CancellationToken cancellationToken)
    {
        var local = await ReadLocalAsync(id, cancellationToken);
        await using var stream = await store.OpenAsync(RunRecorder.Key(environment, id), cancellationToken);
        if (stream is null)
        {
            return local;
        }

        using var reader = new StreamReader(stream);
        var kept = RunRecord.Parse(id, await reader.ReadToEndAsync(cancellationToken));
        return local?.Events.Count > kept.Events.Count ? local : kept;
    }

    private async Task<RunRecord?> ReadLocalAsync(RunId id, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return null;
        }

        try
        {
            return await new LocalRecord(folder, id).ReadAsync(cancellationToken) is { } text
                ? RunRecord.Parse(id, text)
                : null;
        }
        catch (SlipwayException)
        {
            // The store's copy counts.
            return null;
        }
    }
}
