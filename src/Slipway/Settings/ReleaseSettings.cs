namespace Slipway.Settings;

/// <summary>How a release is made and shipped.</summary>
/// <remarks>
/// In every argument <c>{release}</c> stands for the release's id, <c>{folder}</c> for its folder,
/// <c>{previous}</c> for the id of the last verified release, <c>{environment}</c> for the environment's name.
/// </remarks>
public sealed record ReleaseSettings
{
    /// <summary>How it reaches its users.</summary>
    public required ReleaseStrategy Strategy { get; init; }

    /// <summary>Strategy process: the command that fills <c>{folder}</c> with a release.</summary>
    public IReadOnlyList<string> Build { get; init; } = [];

    /// <summary>Strategy process: the command that serves HTTP on the variable PORT, started in the release's folder.</summary>
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>Strategy process: absolute folder with releases/, current and shared/.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Strategy process: loopback port of the proxy; 0 picks a free one once and keeps it.</summary>
    public int Port { get; init; }

    /// <summary>Strategy process: how long the old release may take to finish its requests; default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many releases are kept beside the live one; default 5.</summary>
    public int Keep { get; init; } = 5;

    /// <summary>Strategy command: ships the release.</summary>
    public IReadOnlyList<string> Deploy { get; init; } = [];

    /// <summary>Strategy command: brings the previous release back; empty when there is no way back.</summary>
    public IReadOnlyList<string> Rollback { get; init; } = [];

    /// <summary>How long each of the commands may take; default 15 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);
}
