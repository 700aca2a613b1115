using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Deploys;

/// <summary>What a person asked for, and where.</summary>
public sealed record DeployOptions
{
    /// <summary>Folder of the project that is deployed.</summary>
    public required string Root { get; init; }

    /// <summary>Name of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>Shows what would be done and touches nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>What the run is for.</summary>
    public DeployIntent Intent { get; init; }

    /// <summary>The targets that were asked for, as a person named them.</summary>
    public required IReadOnlyList<string> Asked { get; init; }

    /// <summary>Why, for the record; null when nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>The variables of the process.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>What a person sees.</summary>
    public required RunOutput Output { get; init; }

    /// <summary>Where a person's answers come from.</summary>
    public required TextReader Input { get; init; }

    /// <summary>True when a person can answer.</summary>
    public bool CanAsk { get; init; }

    /// <summary>Opens the store that an environment names.</summary>
    public required Func<DeploymentEnvironment, IObjectStore> OpenStore { get; init; }

    /// <summary>The command that starts the proxy of strategy process.</summary>
    public required IReadOnlyList<string> Proxy { get; init; }

    /// <summary>Hides a value in everything that is printed from now on.</summary>
    public required Action<string> Mask { get; init; }
}
