using Slipway.Processes;

namespace Slipway.Releases;

/// <summary>The proxy that users are connected to.</summary>
/// <param name="Port">Its port on loopback.</param>
/// <param name="Process">Its process; null while it is being started.</param>
internal sealed record RunningProxy(int Port, ProcessIdentity? Process);
