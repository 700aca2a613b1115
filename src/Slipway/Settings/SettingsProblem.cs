namespace Slipway.Settings;

/// <summary>One thing that is wrong with the settings.</summary>
/// <param name="Name">The variable or the path in the environment file.</param>
/// <param name="Value">The offending value, or null when there is none or it is secret.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record SettingsProblem(string Name, string? Value, string Problem, string Remedy)
{
    /// <summary>The problem in one line.</summary>
    public override string ToString() => $"{Name}{(Value is null ? "" : $" = {Value}")}: {Problem} → {Remedy}";
}
