using Npgsql;

namespace SampleApp;

/// <summary>Removes for good what was deleted before the grace period.</summary>
internal static class Cleanup
{
    public static async Task<int> RunAsync(AppSettings settings)
    {
        await using var database = NpgsqlDataSource.Create(settings.ConnectionString);
        foreach (var table in new[] { "notes", "users" })
        {
            await using var command = database.CreateCommand(
                $"DELETE FROM {table} WHERE deleted_at < now() - make_interval(days => $1)"
            );
            command.Parameters.Add(new() { Value = settings.GraceDays });
            var rows = await command.ExecuteNonQueryAsync(CancellationToken.None);
            await Console.Out.WriteLineAsync($"{table}: {rows} rows removed for good");
        }

        return 0;
    }
}
