namespace Slipway.Settings;

/// <summary>The settings cannot be used; all their problems at once.</summary>
public sealed class SettingsException(string environment, IReadOnlyList<SettingsProblem> problems)
    : SlipwayException(
        $"The settings of environment {environment} have {problems.Count} problem{(problems.Count == 1 ? "" : "s")}:\n"
            + string.Join('\n', problems.Select(problem => $"  - {problem}")),
        $"mend them, then look at the result with: ./build.sh Settings --env {environment}",
        ExitCode.BadInput
    )
{
    /// <summary>Everything that is wrong, in the order it was found.</summary>
    public IReadOnlyList<SettingsProblem> Problems { get; } = problems;
}
