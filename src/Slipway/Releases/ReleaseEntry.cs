namespace Slipway.Releases;

/// <summary>A release as the book knows it.</summary>
/// <param name="Id">The release.</param>
/// <param name="Commit">Its commit.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Since">When that became known.</param>
/// <param name="Run">The run that found it out.</param>
/// <param name="Reason">Why, when it is bad.</param>
/// <param name="IsServing">True for the one release that users are on.</param>
/// <param name="Newest">The newest migration that it was verified on; null when there was none, or it never was.</param>
public sealed record ReleaseEntry(
    string Id,
    string Commit,
    ReleaseState State,
    DateTimeOffset Since,
    string Run,
    string? Reason,
    bool IsServing,
    string? Newest = null
);
