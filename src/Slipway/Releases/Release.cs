namespace Slipway.Releases;

/// <summary>A version of the application.</summary>
/// <param name="Id">Its commit, and a hash of what is changed since when the tree is not clean.</param>
/// <param name="Commit">Its commit, in full.</param>
public sealed record Release(string Id, string Commit);
