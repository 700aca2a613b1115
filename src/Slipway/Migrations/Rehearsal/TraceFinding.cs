namespace Slipway.Migrations.Rehearsal;

/// <summary>What a migration will do to those who work with the database while it runs.</summary>
/// <param name="Line">The line of the statement.</param>
/// <param name="What">What it does, with numbers.</param>
/// <param name="Remedy">How to do the same without it.</param>
/// <param name="IsOverBudget">True when it is more than the environment allows.</param>
public sealed record TraceFinding(int Line, string What, string Remedy, bool IsOverBudget);
