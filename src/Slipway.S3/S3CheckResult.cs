namespace Slipway.S3;

/// <summary>What a check of the bucket found.</summary>
/// <param name="Name">What was checked, such as <c>versioning</c>.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Evidence">What was seen, or why nothing was.</param>
/// <param name="Remedy">What to do about it; null after a pass.</param>
public sealed record S3CheckResult(string Name, S3CheckOutcome Outcome, string Evidence, string? Remedy);
