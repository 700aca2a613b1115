namespace Slipway.Settings;

/// <summary>How a release reaches its users.</summary>
public enum ReleaseStrategy
{
    /// <summary>Slipway starts the release as a process behind its own loopback proxy and switches traffic.</summary>
    Process,

    /// <summary>The team's own deploy and rollback commands.</summary>
    Command,
}
