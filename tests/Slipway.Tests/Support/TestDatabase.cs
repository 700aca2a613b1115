using Npgsql;
using Slipway.Settings;

namespace Slipway.Tests.Support;

/// <summary>A database of a test, in the form that the product takes.</summary>
internal static class TestDatabase
{
    public static async Task<DatabaseUrl> CreateAsync(PostgresCluster cluster, CancellationToken cancellationToken)
    {
        var made = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync(cancellationToken));
        return new()
        {
            Host = made.Host!,
            Port = made.Port,
            Database = made.Database!,
            User = made.Username!,
            SslMode = "disable",
            Raw = new(""),
        };
    }

    public static async Task ExecuteAsync(DatabaseUrl url, string sql, CancellationToken cancellationToken)
    {
        await using var source = Postgres.PostgresSource.Create(url, "test");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<T?> ScalarAsync<T>(DatabaseUrl url, string sql, CancellationToken cancellationToken)
    {
        await using var source = Postgres.PostgresSource.Create(url, "test");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }
}
