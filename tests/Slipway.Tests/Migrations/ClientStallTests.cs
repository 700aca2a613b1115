using System.Globalization;
using Npgsql;
using Slipway.Migrations;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Migrations.Formats;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

/// <summary>
/// How long readers and writers wait while a migration stands behind a transaction that stays open: <c>stalls</c> of the benchmarks has
/// the numbers, this the relation that must hold on every machine.
/// </summary>
[Trait("Needs", "Server")]
public sealed class ClientStallTests(PostgresCluster cluster) : IDisposable
{
    private const int Rows = 100_000;
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(4);
    private readonly FormatProject _project = new("dbmate");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';")]
    [InlineData("CREATE INDEX users_name ON users (name);")]
    public async Task Clients_wait_for_moments_where_they_wait_all_the_time_for_dbmate(string sql)
    {
        _project.Add(1, "it", sql);

        var ours = await LongestAsync(DeployAsync);
        var theirs = await LongestAsync(DbmateAsync);

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"longest wait: ours {ours}, dbmate's {theirs}")
        );
        Assert.InRange(theirs, Held / 2, TimeSpan.MaxValue);
        Assert.InRange(ours, TimeSpan.Zero, theirs / 2);
    }

    public void Dispose() => _project.Dispose();

    private async Task<TimeSpan> LongestAsync(Func<DatabaseUrl, Task> deployAsync)
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(
            url,
            $"""
            CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
            CREATE TABLE users (id int PRIMARY KEY, name text, visits int NOT NULL);
            INSERT INTO users SELECT n, md5(n::text), 0 FROM generate_series(0, {Rows}) AS n
            """,
            Token
        );
        var connection =
            $"Host={url.Host};Port={url.Port};Username={url.User};Database={url.Database};Pooling=false;Command Timeout=60";
        await using var holder = new NpgsqlConnection(connection);
        await holder.OpenAsync(Token);
        await using var command = new NpgsqlCommand("BEGIN; UPDATE users SET name = name WHERE id = 0", holder);
        await command.ExecuteNonQueryAsync(Token);
        await using var clients = new BusyClients(
            connection,
            Rows,
            "SELECT name FROM users WHERE id = $1",
            "UPDATE users SET visits = visits + 1 WHERE id = $1"
        );

        var deploy = deployAsync(url);
        const string Waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'users'::regclass)";
        while (!await TestDatabase.ScalarAsync<bool>(url, Waits, Token))
        {
            await Task.Delay(10, Token);
        }

        await Task.Delay(Held, Token);
        await holder.CloseAsync();
        await deploy;
        return (await clients.EndAsync()).Max();
    }

    private async Task DeployAsync(DatabaseUrl url)
    {
        var settings = _project.Settings with { LockTimeout = TimeSpan.FromMilliseconds(200) };
        var status = await Migrator.StatusAsync(url, settings, Token);
        var output = new RunOutput(TextWriter.Null, false, TimeProvider.System);
        await new Migrator(output).DeployAsync(url, settings, status.Planned, Token);
    }

    private async Task DbmateAsync(DatabaseUrl url)
    {
        var dbmate = await new DbmateTool(_project.Folder).TryAsync(url, "up", Token);
        Assert.True(dbmate.ExitCode == 0, dbmate.Error);
    }
}
