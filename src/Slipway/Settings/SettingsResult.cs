namespace Slipway.Settings;

/// <summary>The settings of one environment, read and valid.</summary>
/// <param name="Environment">The settings.</param>
/// <param name="Origins">Every value in force and where it came from, defaults among them.</param>
public sealed record SettingsResult(DeploymentEnvironment Environment, IReadOnlyList<SettingOrigin> Origins)
{
    /// <summary>What a person should know and may accept.</summary>
    public IReadOnlyList<SettingsProblem> Warnings { get; init; } = [];

    /// <summary>The values that must never be printed, passwords inside addresses among them.</summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];
}
