namespace Slipway.Releases;

/// <summary>What is known of whom the users are on: a release, none, or nobody could find out.</summary>
/// <param name="Release">The release; null when it is none, or not known.</param>
/// <param name="Unknown">Why it is not known; null when it is.</param>
public sealed record Serving(string? Release, string? Unknown)
{
    /// <summary>No release serves.</summary>
    public static Serving None { get; } = new(null, null);

    /// <summary>This release serves.</summary>
    public static Serving By(string release) => new(release, null);

    /// <summary>It could not be found out.</summary>
    public static Serving NotKnown(string why) => new(null, why);

    /// <summary>True when nobody can say that this release serves no users.</summary>
    public bool MayBe(string release) => Unknown is not null || Release == release;
}
