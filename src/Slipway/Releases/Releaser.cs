using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Brings releases to their users, and takes them back.</summary>
public abstract class Releaser
{
    /// <summary>Where users reach the application.</summary>
    public abstract Uri BaseUrl { get; }

    /// <summary>True when the release before can be brought back by code alone.</summary>
    public abstract bool CanSwitchBack { get; }

    /// <summary>Makes a release ready to serve, beside the one that serves; nobody notices.</summary>
    /// <exception cref="ServingUnknownException">It may be the one that serves.</exception>
    public abstract Task PrepareAsync(Release release, Release? previous, CancellationToken cancellationToken);

    /// <summary>Puts the users on a release that was prepared.</summary>
    public abstract Task SwitchAsync(Release release, Release? previous, CancellationToken cancellationToken);

    /// <summary>Puts the users back on a release that served before.</summary>
    public abstract Task SwitchBackAsync(Release failed, Release previous, CancellationToken cancellationToken);

    /// <summary>Removes a release that users are not on.</summary>
    /// <exception cref="ServingUnknownException">They may be on it; nothing was removed.</exception>
    public abstract Task RemoveAsync(Release release, CancellationToken cancellationToken);

    /// <summary>Lets releases that users are no longer on finish their requests, stops them, and keeps the newest ones' files.</summary>
    public abstract Task RetireAsync(
        IReadOnlyList<ReleaseEntry> entries,
        string live,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Runs a release a second time, beside everything, on a copy of the database: its health, then the environment's critical
    /// requests. Nobody is sent to it, its log is its own, and it is stopped with all its children whatever happens.
    /// </summary>
    /// <param name="release">The release, usually the one that is live.</param>
    /// <param name="copy">
    /// The copy: its server, login and database. The release gets the parameters of its own address, whatever those of this one
    /// are.
    /// </param>
    /// <param name="cancellationToken">Stops the trial, and the release with it.</param>
    /// <returns>What came of it. What could not be tried says why and has not passed.</returns>
    /// <exception cref="SlipwayException">The copy is the live database itself, or the requests cannot be read; nothing was started.</exception>
    public virtual Task<TrialReport> TryAsync(Release release, DatabaseUrl copy, CancellationToken cancellationToken) =>
        Task.FromResult(
            TrialReport.Not(
                release.Id,
                "releases that the team's own commands ship cannot be started a second time here"
            )
        );

    /// <summary>Finds out which release users are on, and says so when that cannot be found out.</summary>
    public abstract Task<Serving> ObserveAsync(CancellationToken cancellationToken);

    /// <summary>The release that users are on as far as is known; null for none, and when nobody knows. Enough to show, not to remove by.</summary>
    public virtual async Task<string?> ServingAsync(CancellationToken cancellationToken) =>
        (await ObserveAsync(cancellationToken)).Release;

    /// <summary>The file with what a release prints; null when its output is not ours.</summary>
    public virtual string? OutputFile(string release) => null;

    /// <summary>What a release printed last.</summary>
    public abstract IReadOnlyList<string> LastWords(string release, int lines);
}
