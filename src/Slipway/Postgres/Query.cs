using Npgsql;

namespace Slipway.Postgres;

/// <summary>Small questions to a database.</summary>
internal static class Query
{
    /// <summary>Runs a statement.</summary>
    public static async Task<int> RunAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = Command(connection, new(sql, values));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs statements in one go.</summary>
    public static async Task RunAsync(
        NpgsqlConnection connection,
        IEnumerable<SqlCall> calls,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var call in calls)
        {
            batch.BatchCommands.Add(call.Command());
        }

        await RunAsync(batch, cancellationToken);
    }

    /// <summary>Runs a batch; an empty one is nothing.</summary>
    public static Task RunAsync(NpgsqlBatch batch, CancellationToken cancellationToken) =>
        batch.BatchCommands.Count == 0 ? Task.CompletedTask : batch.ExecuteNonQueryAsync(cancellationToken);

    /// <summary>True when the answer is true.</summary>
    public static async Task<bool> IsTrueAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    ) => await IsTrueAsync(connection, new SqlCall(sql, values), cancellationToken);

    /// <summary>True when the answer is true.</summary>
    public static async Task<bool> IsTrueAsync(
        NpgsqlConnection connection,
        SqlCall question,
        CancellationToken cancellationToken
    )
    {
        await using var command = Command(connection, question);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Runs statements that answer nothing, then asks two questions, in one go.</summary>
    public static async Task<(bool First, bool Second)> AreTrueAsync(
        NpgsqlConnection connection,
        IReadOnlyList<SqlCall> statements,
        SqlCall first,
        SqlCall second,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var call in statements.Append(first).Append(second))
        {
            batch.BatchCommands.Add(call.Command());
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var isFirst = await reader.ReadAsync(cancellationToken) && reader.GetValue(0) is true;
        await reader.NextResultAsync(cancellationToken);
        return (isFirst, await reader.ReadAsync(cancellationToken) && reader.GetValue(0) is true);
    }

    /// <summary>The answer as a text; null when there is none.</summary>
    public static async Task<string?> TextAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = Command(connection, new(sql, values));
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>All rows of the answer.</summary>
    public static async Task<IReadOnlyList<T>> RowsAsync<T>(
        NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        var rows = new List<T>();
        await using var command = Command(connection, new(sql, values));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A column that may be null.</summary>
    public static T? Nullable<T>(NpgsqlDataReader reader, int column)
        where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    /// <summary>A text that may be null.</summary>
    public static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlCommand Command(NpgsqlConnection connection, SqlCall call)
    {
        var command = connection.CreateCommand();
        command.CommandText = call.Sql;
        call.AddTo(command.Parameters);
        return command;
    }
}
