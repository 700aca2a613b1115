namespace Slipway.Settings;

/// <summary>Collects what is wrong with the settings, so that a person hears everything at once.</summary>
internal sealed class ProblemList
{
    private readonly List<SettingsProblem> _errors = [];
    private readonly List<SettingsProblem> _warnings = [];

    /// <summary>What stops a run.</summary>
    public IReadOnlyList<SettingsProblem> Errors => _errors;

    /// <summary>What a person should know and may accept.</summary>
    public IReadOnlyList<SettingsProblem> Warnings => _warnings;

    public void Add(string name, string? value, string problem, string remedy) =>
        _errors.Add(new(name, value, problem, remedy));

    public void Warn(string name, string? value, string problem, string remedy) =>
        _warnings.Add(new(name, value, problem, remedy));
}
