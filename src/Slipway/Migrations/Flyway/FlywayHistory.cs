using System.Globalization;
using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Flyway;

/// <summary>Flyway's table: everything that happened, one row after the other.</summary>
internal sealed class FlywayHistory(HistoryTable table) : MigrationHistory(table)
{
    protected override string Definition =>
        $"""
            CREATE TABLE {Table.Quoted} (
                "installed_rank" INT NOT NULL,
                "version" VARCHAR(50),
                "description" VARCHAR(200) NOT NULL,
                "type" VARCHAR(20) NOT NULL,
                "script" VARCHAR(1000) NOT NULL,
                "checksum" INTEGER,
                "installed_by" VARCHAR(100) NOT NULL,
                "installed_on" TIMESTAMP NOT NULL DEFAULT now(),
                "execution_time" INTEGER NOT NULL,
                "success" BOOLEAN NOT NULL
            );
            ALTER TABLE {Table.Quoted} ADD CONSTRAINT {Sql.Name($"{Table.Name}_pk")} PRIMARY KEY ("installed_rank");
            CREATE INDEX {Sql.Name($"{Table.Name}_s_idx")} ON {Table.Quoted} ("success")
            """;

    /// <summary>The sum that Flyway keeps of a file.</summary>
    public static string Checksum(Migration migration) => FlywayChecksum.Of(migration.Sql);

    // The newest row counts: an undo stands behind what it undoes, and a repeatable one may have been another text.
    public override SqlCall Has(Migration migration) =>
        migration.IsRepeatable
            ? new(
                $"""
                SELECT success AND checksum = $2 FROM {Table.Quoted} WHERE version IS NULL AND description = $1
                ORDER BY installed_rank DESC LIMIT 1
                """,
                Description(migration),
                Number(Checksum(migration))
            )
            : new(
                $"""
                SELECT type NOT LIKE 'UNDO%' AND type <> 'DELETE' FROM {Table.Quoted} WHERE version = $1
                ORDER BY installed_rank DESC LIMIT 1
                """,
                Version(migration)
            );

    public override IReadOnlyList<SqlCall> Finish(MigrationAttempt attempt, TimeSpan? took) =>
        [Forget(attempt.Migration), Insert(attempt.Migration, took, success: true)];

    public override Task FailAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        string logs,
        CancellationToken cancellationToken
    ) =>
        Query.RunAsync(
            connection,
            [Forget(attempt.Migration), Insert(attempt.Migration, TimeSpan.Zero, success: false)],
            cancellationToken
        );

    // As Flyway's own undo does: nothing is taken away.
    public override IReadOnlyList<SqlCall> Remove(Migration migration, TimeSpan? took) =>
        [
            Insert(
                Version(migration),
                Description(migration),
                "UNDO_SQL",
                migration.DownPath ?? "",
                FlywayChecksum.Of(migration.DownSql ?? ""),
                took,
                success: true
            ),
        ];

    public override async Task MarkAppliedAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        await MarkRolledBackAsync(connection, migration, cancellationToken);
        if (!await HasAsync(connection, migration, cancellationToken))
        {
            await Query.RunAsync(connection, [Insert(migration, TimeSpan.Zero, success: true)], cancellationToken);
        }
    }

    // As `flyway baseline` does: one row for everything up to a version.
    public override Task BaselineAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Migration> migrations,
        CancellationToken cancellationToken
    ) =>
        Query.RunAsync(
            connection,
            $"""
            INSERT INTO {Table.Quoted} (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
            VALUES (1, $1, '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, current_user, 0, true)
            """,
            cancellationToken,
            Version(migrations[^1])
        );

    // As `flyway repair` does.
    public override Task MarkRolledBackAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    ) => Query.RunAsync(connection, [Forget(migration)], cancellationToken);

    protected override async Task<IReadOnlyList<HistoryRow>> RowsAsync(
        NpgsqlConnection connection,
        MigrationSet set,
        CancellationToken cancellationToken
    )
    {
        var rows = await Query.RowsAsync(
            connection,
            $"SELECT version, description, type, script, checksum, installed_on::timestamptz, success FROM {Table.Quoted} ORDER BY installed_rank",
            FlywayRow.Read,
            cancellationToken
        );
        return FlywayRow.Tell(rows, set);
    }

    private SqlCall Forget(Migration migration) =>
        new(
            $"DELETE FROM {Table.Quoted} WHERE NOT success AND (version = $1 OR version IS NULL AND $1 = '' AND description = $2)",
            Version(migration),
            Description(migration)
        );

    private SqlCall Insert(Migration migration, TimeSpan? took, bool success) =>
        Insert(Version(migration), Description(migration), "SQL", migration.Path, Checksum(migration), took, success);

    private SqlCall Insert(
        string version,
        string description,
        string type,
        string script,
        string checksum,
        TimeSpan? took,
        bool success
    ) =>
        new(
            $"""
            INSERT INTO {Table.Quoted} (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
            SELECT coalesce(max(installed_rank), 0) + 1, nullif($1, ''), $2, $3, $4, $5, current_user, coalesce($6::int, {SoFar}), $7 FROM {Table.Quoted}
            """,
            version,
            description,
            type,
            script,
            Number(checksum),
            (int?)took?.TotalMilliseconds,
            success
        );

    private static string Version(Migration migration) => FlywayName.Parse(migration.Name)?.Version ?? "";

    private static string Description(Migration migration) =>
        FlywayName.Parse(migration.Name)?.Description ?? migration.Name;

    private static int Number(string checksum) => int.Parse(checksum, CultureInfo.InvariantCulture);
}
