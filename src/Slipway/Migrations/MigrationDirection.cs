namespace Slipway.Migrations;

/// <summary>Which way a migration is run.</summary>
public enum MigrationDirection
{
    /// <summary>It is applied.</summary>
    Up,

    /// <summary>It is undone.</summary>
    Down,
}
