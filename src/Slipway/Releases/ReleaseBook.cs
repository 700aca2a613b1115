using System.Text.Json;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Releases;

/// <summary>Knows every release of an environment and what became of it.</summary>
public sealed class ReleaseBook(IObjectStore store, string environment, TimeProvider time)
{
    private string Key => $"releases/{environment}.json";

    /// <summary>All releases, the newest entry last.</summary>
    public async Task<IReadOnlyList<ReleaseEntry>> ReadAsync(CancellationToken cancellationToken) =>
        await StoredList.ReadAsync(
            store,
            Key,
            () => ReleaseJson.Default.ListReleaseEntry,
            exception => new SlipwayException(
                $"The release book {Key} in {store.Location} cannot be read, so nobody knows which release to go back to: {exception.Message}",
                "bring it back from a copy of the store; or move it away, and the next deploy begins a new one, without a release to go back to",
                ExitCode.Refused,
                exception
            ),
            cancellationToken
        );

    /// <summary>The release that users are on; null before the first one.</summary>
    public async Task<ReleaseEntry?> ServingAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).FirstOrDefault(entry => entry.IsServing);

    /// <summary>The release to go back to: the newest verified one that is not the given one; never one that failed.</summary>
    public static ReleaseEntry? LastVerified(IReadOnlyList<ReleaseEntry> entries, string? except) =>
        entries.LastOrDefault(entry => entry.State == ReleaseState.Verified && entry.Id != except);

    /// <summary>Writes down that a release passed PostVerify and serves.</summary>
    /// <param name="release">The release.</param>
    /// <param name="newest">The newest migration that it was verified on; null when there is none.</param>
    /// <param name="run">The run that verified it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task VerifiedAsync(Release release, string? newest, string run, CancellationToken cancellationToken)
    {
        var others = (await ReadAsync(cancellationToken))
            .Where(entry => entry.Id != release.Id)
            .Select(entry => entry with { IsServing = false });
        var entry = new ReleaseEntry(
            release.Id,
            release.Commit,
            ReleaseState.Verified,
            time.GetUtcNow(),
            run,
            null,
            IsServing: true,
            newest
        );
        await WriteAsync([.. others, entry], cancellationToken);
    }

    /// <summary>Writes down what became of a release.</summary>
    /// <param name="release">The release.</param>
    /// <param name="state">What it is now.</param>
    /// <param name="serving">True when users are on it now, false when they are not, null when that did not change.</param>
    /// <param name="run">The run that knows.</param>
    /// <param name="reason">Why, when it is bad.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SetAsync(
        Release release,
        ReleaseState state,
        bool? serving,
        string run,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var entries = (await ReadAsync(cancellationToken)).ToList();
        var before = entries.Find(entry => entry.Id == release.Id);
        var entry = new ReleaseEntry(
            release.Id,
            release.Commit,
            state,
            time.GetUtcNow(),
            run,
            reason,
            serving ?? before?.IsServing ?? false,
            before?.Newest
        );
        entries.RemoveAll(other => other.Id == release.Id);
        if (serving is true)
        {
            entries = [.. entries.Select(other => other with { IsServing = false })];
        }

        entries.Add(entry);
        await WriteAsync(entries, cancellationToken);
    }

    private Task WriteAsync(List<ReleaseEntry> entries, CancellationToken cancellationToken) =>
        store.PutAsync(
            Key,
            (stream, token) =>
                JsonSerializer.SerializeAsync(stream, entries, ReleaseJson.Default.ListReleaseEntry, token),
            cancellationToken
        );
}
