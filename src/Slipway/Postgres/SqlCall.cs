using Npgsql;

namespace Slipway.Postgres;

/// <summary>A statement and the values that it is sent with.</summary>
/// <param name="Sql">The statement, with <c>$1</c> and so on for the values.</param>
/// <param name="Values">The values; null for NULL.</param>
internal sealed record SqlCall(string Sql, params IReadOnlyList<object?> Values)
{
    /// <summary>The same as a part of a batch.</summary>
    public NpgsqlBatchCommand Command()
    {
        var command = new NpgsqlBatchCommand(Sql);
        AddTo(command.Parameters);
        return command;
    }

    /// <summary>Gives the values to a command.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        foreach (var value in Values)
        {
            parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }
}
