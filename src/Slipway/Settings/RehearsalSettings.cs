namespace Slipway.Settings;

/// <summary>How migrations are tried on a restored backup before they touch the database.</summary>
/// <param name="Mode">What it may stop; default <see cref="RehearsalMode.Warn"/>.</param>
/// <param name="Budget">What is allowed.</param>
public sealed record RehearsalSettings(RehearsalMode Mode, RehearsalBudget Budget)
{
    /// <summary>What is in force when an environment says nothing.</summary>
    public static RehearsalSettings Default { get; } =
        new(RehearsalMode.Warn, new(100_000, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
}
