using Slipway.Settings;

namespace Slipway.Deploys;

/// <summary>How a run ended, in the words that a person gets to read.</summary>
/// <param name="Outcome">Succeeded, nothing to do, failed, rolled back or interrupted.</param>
/// <param name="ExitCode">The exit code it earned.</param>
/// <param name="State">How production is now.</param>
/// <param name="Undone">What was taken back, and why so.</param>
/// <param name="Next">The command to run next.</param>
/// <param name="HoldBecause">Why the lock stays; null when it is freed.</param>
internal sealed record Conclusion(
    string Outcome,
    ExitCode ExitCode,
    string State,
    string Undone,
    string Next,
    string? HoldBecause
);
