using Npgsql;

namespace Slipway.Migrations;

/// <summary>A statement that is about to run, or has run, in a session that is still open.</summary>
/// <param name="Migration">Name of its migration.</param>
/// <param name="Direction">Which way that is run.</param>
/// <param name="Statement">The statement.</param>
/// <param name="Number">Its place in the migration, from 1.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Connection">The session, within its transaction where there is one.</param>
internal sealed record StatementRun(
    string Migration,
    MigrationDirection Direction,
    SqlStatement Statement,
    int Number,
    int Count,
    NpgsqlConnection Connection
);
