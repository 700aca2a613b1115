using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Nobody knows which release the users are on, so nothing is stopped or removed and a person has to look.</summary>
public sealed class ServingUnknownException(string release, string why, string hint)
    : SlipwayException(
        $"It is not known whether users are on release {release}: {why}. Nothing was stopped or removed",
        hint,
        ExitCode.NeedsPerson
    )
{
    /// <summary>The release that may serve.</summary>
    public string Release { get; } = release;

    /// <summary>Why it is not known.</summary>
    public string Why { get; } = why;
}
