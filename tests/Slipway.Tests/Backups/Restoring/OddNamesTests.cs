using Slipway.Backups.Restoring;
using Slipway.Postgres;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Restoring;

/// <summary>A database and an owner whose names hold everything that somebody may forget to quote.</summary>
[Trait("Needs", "Server")]
public sealed class OddNamesTests(PostgresCluster cluster) : IDisposable
{
    private readonly RestoreSite _site = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("my \"own\" 'db' ü 🚢", "the \"owner's\" rôle")]
    [InlineData("dbname=x host='nowhere'", "user=y %41;")]
    [InlineData("postgresql://nowhere/x?a=b", "-role $(id)")]
    [InlineData("--help {0} \\ %s", "a,b{c}")]
    public async Task It_is_backed_up_proven_and_replaced(string database, string owner)
    {
        var url = await DatabaseAsync($"{database}{Guid.NewGuid():N}"[..^20], $"{owner}{Guid.NewGuid():N}"[..^20]);
        var manifest = await _site.BackupAsync(url);
        Assert.NotNull(manifest.Globals);

        Assert.True((await _site.Verifier.VerifyAsync(manifest, url, Token)).Passed);
        await TestDatabase.ExecuteAsync(url, "INSERT INTO notes VALUES (5000)", Token);
        var outcome = await new RestoreRun(
            _site.Restorer,
            (_, _) => Task.FromResult<IReadOnlyList<string>>(["ann"])
        ).RunAsync(new(manifest, url, "test", false), Token);

        Assert.Equal(["1000"], await RestoreSite.AskAsync(url, "SELECT count(*)::int FROM notes"));
        Assert.Equal(
            [url.User],
            await RestoreSite.AskAsync(url, "SELECT tableowner FROM pg_tables WHERE tablename = 'notes'")
        );
        Assert.StartsWith(url.Database[..5], outcome.Replaced, StringComparison.Ordinal);
    }

    public void Dispose() => _site.Dispose();

    // As its owner, who is no superuser.
    private async Task<DatabaseUrl> DatabaseAsync(string database, string owner)
    {
        var any = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(any, $"CREATE ROLE {Sql.Name(owner)} LOGIN CREATEDB", Token);
        await TestDatabase.ExecuteAsync(any, $"CREATE DATABASE {Sql.Name(database)} OWNER {Sql.Name(owner)}", Token);
        var url = any with { Database = database, User = owner };
        await TestDatabase.ExecuteAsync(
            url with
            {
                User = "postgres",
            },
            $"GRANT CREATE ON SCHEMA public TO {Sql.Name(owner)}",
            Token
        );
        await TestDatabase.ExecuteAsync(
            url,
            "CREATE TABLE notes AS SELECT n AS id FROM generate_series(1, 1000) AS n; CREATE TABLE \"a 'b' \"\"c\"\"\" (\"d e\" int)",
            Token
        );
        return url;
    }
}
