using Slipway.Processes;

namespace Slipway.Releases;

/// <summary>A release that was started as a process.</summary>
/// <param name="Id">The release.</param>
/// <param name="Port">Its port on loopback.</param>
/// <param name="Process">Its process; null while it is being started.</param>
/// <param name="NeverRouted">True as long as no traffic was ever sent to this process.</param>
internal sealed record RunningRelease(string Id, int Port, ProcessIdentity? Process, bool NeverRouted = false)
{
    /// <summary>Where it answers.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");
}
