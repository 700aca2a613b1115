namespace Slipway.Migrations;

/// <summary>A migration and which way it is run.</summary>
/// <param name="Migration">The migration.</param>
/// <param name="Direction">The way.</param>
internal sealed record MigrationWork(Migration Migration, MigrationDirection Direction)
{
    /// <summary>Its name.</summary>
    public string Name => Migration.Name;

    /// <summary>True when a part of it was done by a run that ended in the middle.</summary>
    public bool IsBegun { get; init; }

    /// <summary>The text that is run.</summary>
    public string Sql => Direction is MigrationDirection.Up ? Migration.Sql : Migration.DownSql ?? "";

    /// <summary>The file that it is in, from the folder on.</summary>
    public string Path => Direction is MigrationDirection.Up ? Migration.Path : Migration.DownPath ?? Migration.Path;

    /// <summary>How it is run.</summary>
    public MigrationScript Script { get; } =
        Direction is MigrationDirection.Up
            ? MigrationScript.Of(Migration)
            : MigrationScript.Of(Migration.DownSql ?? "", Migration.DownRefusesTransaction);
}
