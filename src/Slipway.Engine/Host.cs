using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>Where a build runs.</summary>
public abstract class Host
{
    internal static IReadOnlyList<string> Names { get; } = [nameof(CI.GitHubActions.GitHubActions), nameof(Terminal)];

    /// <summary>The host of this run.</summary>
    public static Host Instance => EngineSession.Current.Host;

    /// <inheritdoc />
    public override string ToString() => GetType().Name;

    internal static Host Detect(EngineInput input) =>
        GitHubActions.IsRunning(input) ? new GitHubActions(input) : new Terminal();

    internal static Host? ByName(string name, EngineInput input) =>
        name.Equals(nameof(Terminal), StringComparison.OrdinalIgnoreCase) ? new Terminal()
        : name.Equals(nameof(GitHubActions), StringComparison.OrdinalIgnoreCase) ? new GitHubActions(input)
        : null;
}
