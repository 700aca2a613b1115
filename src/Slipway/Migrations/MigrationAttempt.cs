namespace Slipway.Migrations;

/// <summary>One try at applying a migration, as the history may keep it.</summary>
/// <param name="Id">An id of its own.</param>
/// <param name="Migration">The migration.</param>
internal sealed record MigrationAttempt(string Id, Migration Migration)
{
    /// <summary>A new one.</summary>
    public static MigrationAttempt New(Migration migration) => new(Guid.NewGuid().ToString(), migration);
}
