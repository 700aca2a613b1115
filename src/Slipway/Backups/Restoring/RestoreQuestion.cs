namespace Slipway.Backups.Restoring;

/// <summary>What persons are asked before a restored database replaces the live one.</summary>
/// <param name="Database">The live database; its name is what they have to type.</param>
/// <param name="Backup">The backup.</param>
/// <param name="Decision">How many of them, and why.</param>
/// <param name="Writes">What would be lost.</param>
public sealed record RestoreQuestion(string Database, string Backup, RestoreDecision Decision, WritesSince Writes);
