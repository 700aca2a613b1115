using Slipway.Storage;

namespace Slipway.Runs;

/// <summary>The records of an environment's runs.</summary>
public sealed class RunStore(IObjectStore store, string environment)
{
    /// <summary>All runs, the newest last.</summary>
    public async Task<IReadOnlyList<RunId>> ListAsync(CancellationToken cancellationToken) =>
        [
            .. (await store.ListAsync($"runs/{environment}/", cancellationToken))
                .Select(item => item.Key.Split('/')[^1])
                .Where(name => name.EndsWith(".jsonl", StringComparison.Ordinal))
                .Select(name => new RunId(name[..^".jsonl".Length])),
        ];

    /// <summary>Reads a record; null when there is none.</summary>
    public async Task<RunRecord?> ReadAsync(RunId id, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(RunRecorder.Key(environment, id), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return RunRecord.Parse(id, await reader.ReadToEndAsync(cancellationToken));
    }
}
