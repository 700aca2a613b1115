using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Prisma;

/// <summary>Prisma's table, as its versions 2 to 7 write it.</summary>
internal sealed class PrismaHistory(HistoryTable table) : MigrationHistory(table)
{
    protected override string Definition =>
        $"""
            CREATE TABLE {Table.Quoted} (
                id                      VARCHAR(36) PRIMARY KEY NOT NULL,
                checksum                VARCHAR(64) NOT NULL,
                finished_at             TIMESTAMPTZ,
                migration_name          VARCHAR(255) NOT NULL,
                logs                    TEXT,
                rolled_back_at          TIMESTAMPTZ,
                started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
                applied_steps_count     INTEGER NOT NULL DEFAULT 0
            )
            """;

    public override SqlCall Has(Migration migration) =>
        new(
            $"SELECT EXISTS (SELECT FROM {Table.Quoted} WHERE migration_name = $1 AND rolled_back_at IS NULL)",
            migration.Name
        );

    public override Task<bool> IsFinishedAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        CancellationToken cancellationToken
    ) =>
        Query.IsTrueAsync(
            connection,
            $"SELECT EXISTS (SELECT FROM {Table.Quoted} WHERE id = $1 AND finished_at IS NOT NULL)",
            cancellationToken,
            attempt.Id
        );

    public override IReadOnlyList<SqlCall> Start(MigrationAttempt attempt) =>
        [
            new(
                $"INSERT INTO {Table.Quoted} (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())",
                attempt.Id,
                attempt.Migration.Checksum,
                attempt.Migration.Name
            ),
        ];

    public override IReadOnlyList<SqlCall> Finish(MigrationAttempt attempt, TimeSpan? took) =>
        [
            new(
                $"UPDATE {Table.Quoted} SET finished_at = clock_timestamp(), applied_steps_count = 1, logs = NULL WHERE id = $1",
                attempt.Id
            ),
        ];

    public override Task FailAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        string logs,
        CancellationToken cancellationToken
    ) =>
        Query.RunAsync(
            connection,
            $"UPDATE {Table.Quoted} SET logs = $2 WHERE id = $1",
            cancellationToken,
            attempt.Id,
            logs
        );

    public override Task UndoneAsync(
        NpgsqlConnection connection,
        MigrationAttempt attempt,
        string logs,
        CancellationToken cancellationToken
    ) =>
        Query.RunAsync(
            connection,
            $"UPDATE {Table.Quoted} SET logs = $2, rolled_back_at = clock_timestamp() WHERE id = $1",
            cancellationToken,
            attempt.Id,
            logs
        );

    // Deleted, not marked: of a row that is marked Prisma's own status says "up to date", and its deploy applies it all the same.
    public override IReadOnlyList<SqlCall> Remove(Migration migration, TimeSpan? took) =>
        [new($"DELETE FROM {Table.Quoted} WHERE migration_name = $1 AND rolled_back_at IS NULL", migration.Name)];

    // As `prisma migrate resolve --applied` does.
    public override async Task MarkAppliedAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        await MarkRolledBackAsync(connection, migration, cancellationToken);
        await Query.RunAsync(
            connection,
            $"INSERT INTO {Table.Quoted} (id, checksum, migration_name, logs, started_at, finished_at) VALUES ($1, $2, $3, '', now(), now())",
            cancellationToken,
            Guid.NewGuid().ToString(),
            migration.Checksum,
            migration.Name
        );
    }

    public override Task MarkRolledBackAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    ) =>
        Query.RunAsync(
            connection,
            $"UPDATE {Table.Quoted} SET rolled_back_at = clock_timestamp() WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL",
            cancellationToken,
            migration.Name
        );

    protected override Task<IReadOnlyList<HistoryRow>> RowsAsync(
        NpgsqlConnection connection,
        MigrationSet set,
        CancellationToken cancellationToken
    ) =>
        Query.RowsAsync(
            connection,
            $"SELECT id, migration_name, checksum, started_at, finished_at, rolled_back_at, logs FROM {Table.Quoted} ORDER BY coalesce(finished_at, started_at), started_at, id",
            Row,
            cancellationToken
        );

    private static HistoryRow Row(NpgsqlDataReader reader)
    {
        var finished = Query.Nullable<DateTimeOffset>(reader, 4);
        var rolledBack = Query.Nullable<DateTimeOffset>(reader, 5);
        return new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetFieldValue<DateTimeOffset>(3),
            finished,
            rolledBack,
            Query.Text(reader, 6)
        )
        {
            IsFailed = finished is null && rolledBack is null,
        };
    }
}
