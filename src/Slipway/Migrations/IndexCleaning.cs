using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;

namespace Slipway.Migrations;

/// <summary>Drops the invalid index that a failed CREATE INDEX CONCURRENTLY leaves.</summary>
internal sealed class IndexCleaning(MigrationSession sessions, RunOutput output)
{
    /// <summary>True when everything is as it was before the statement, false when something is damaged, null when nobody knows.</summary>
    /// <param name="processId">The server's process whose connection was lost; 0 when it was not.</param>
    /// <param name="before">The indexes before the statement.</param>
    /// <param name="statement">The statement.</param>
    public Task<bool?> CleanAsync(int processId, IndexSnapshot before, SqlStatement statement) =>
        sessions.AfterLossAsync(
            processId,
            output.Time,
            async (connection, token) =>
            {
                var now = await IndexSnapshot.TakeAsync(connection, token);
                foreach (var leftover in now.Leftovers(before, statement))
                {
                    if (!await DropAsync(connection, leftover, token))
                    {
                        return false;
                    }
                }

                return !now.HasDamage(before);
            }
        );

    private async Task<bool> DropAsync(NpgsqlConnection connection, string index, CancellationToken cancellationToken)
    {
        output.Line($"dropping the invalid index {index} that the failed statement left");
        try
        {
            await Query.RunAsync(connection, $"DROP INDEX CONCURRENTLY {index}", cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            output.Warn(
                $"it could not be dropped ({MigrationError.Words(exception)}); do it later: DROP INDEX CONCURRENTLY {index}"
            );
            return false;
        }
    }
}
