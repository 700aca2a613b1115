namespace Slipway.Health;

/// <summary>What the new lines of a log say.</summary>
/// <param name="Unknown">Why the log could not be read, which is no good news; null when it was.</param>
/// <param name="Lines">How many lines are new.</param>
/// <param name="Errors">How many of them contain one of the texts that mark an error.</param>
/// <param name="Excerpt">The first of them: at most 5, each at most 200 characters.</param>
/// <param name="Gap">What of the log could not be found any more after a rotation; null when nothing is missing.</param>
public sealed record LogFindings(string? Unknown, int Lines, int Errors, IReadOnlyList<string> Excerpt, string? Gap);
