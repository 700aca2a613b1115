namespace Slipway.Approvals;

/// <summary>A person's word for a plan.</summary>
/// <param name="Who">The person, or the place where persons approved.</param>
/// <param name="How">Typed, by a GitHub environment, or not required.</param>
/// <param name="PlanHash">The plan that it is for.</param>
public sealed record Approval(string Who, string How, string PlanHash);
