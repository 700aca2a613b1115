using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations;

/// <summary>
/// A table of our own beside the history that is there only while a migration runs statement by statement: after a kill it
/// says where to go on.
/// </summary>
/// <param name="schema">The schema of the history.</param>
internal sealed class StepProgress(string schema)
{
    private readonly HistoryTable _table = new(schema, "_slipway_progress");

    /// <summary>Its name.</summary>
    public string Name => _table.Name;

    /// <summary>SHA-256 of a text.</summary>
    public static string ChecksumOf(string sql) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));

    /// <summary>What was being run when a run ended in the middle; null when nothing was.</summary>
    public async Task<StepProgressRow?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await _table.ExistsAsync(connection, cancellationToken))
        {
            return null;
        }

        var rows = await Query.RowsAsync(
            connection,
            $"SELECT migration, is_down, checksum, attempt, done, is_begun, backend, error, started_at FROM {_table.Quoted}",
            reader => new StepProgressRow(
                reader.GetString(0),
                reader.GetBoolean(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetInt32(4),
                reader.GetBoolean(5),
                reader.GetInt32(6),
                Query.Text(reader, 7),
                reader.GetFieldValue<DateTimeOffset>(8)
            ),
            cancellationToken
        );
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>Writes that something begins.</summary>
    public async Task BeginAsync(
        NpgsqlConnection connection,
        MigrationWork work,
        MigrationAttempt attempt,
        CancellationToken cancellationToken
    )
    {
        await Query.RunAsync(
            connection,
            $"""
            DROP TABLE IF EXISTS {_table.Quoted};
            CREATE TABLE {_table.Quoted} (
                migration text NOT NULL, is_down boolean NOT NULL, checksum text NOT NULL, attempt text NOT NULL,
                done int NOT NULL DEFAULT 0, is_begun boolean NOT NULL DEFAULT false, backend int NOT NULL DEFAULT pg_backend_pid(),
                error text, started_at timestamptz NOT NULL DEFAULT now())
            """,
            cancellationToken
        );
        await Query.RunAsync(
            connection,
            $"INSERT INTO {_table.Quoted} (migration, is_down, checksum, attempt) VALUES ($1, $2, $3, $4)",
            cancellationToken,
            work.Name,
            work.Direction is MigrationDirection.Down,
            ChecksumOf(work.Sql),
            attempt.Id
        );
    }

    /// <summary>Writes how far it is.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="done">How many statements are done.</param>
    /// <param name="isBegun">True when the next one begins now, outside a transaction.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task SetAsync(NpgsqlConnection connection, int done, bool isBegun, CancellationToken cancellationToken) =>
        Query.RunAsync(
            connection,
            $"UPDATE {_table.Quoted} SET done = $1, is_begun = $2, backend = pg_backend_pid(), error = NULL",
            cancellationToken,
            done,
            isBegun
        );

    /// <summary>Writes that a statement failed.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="isUndone">True when it left nothing behind; false when nobody knows.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task FailAsync(
        NpgsqlConnection connection,
        string error,
        bool isUndone,
        CancellationToken cancellationToken
    ) =>
        Query.RunAsync(
            connection,
            $"UPDATE {_table.Quoted} SET is_begun = is_begun AND NOT $1, error = $2",
            cancellationToken,
            isUndone,
            error
        );

    /// <summary>Takes the table away: nothing is being run any more.</summary>
    public Task EndAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Query.RunAsync(connection, $"DROP TABLE IF EXISTS {_table.Quoted}", cancellationToken);
}
