using Npgsql;
using Slipway.Migrations;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Tests.Migrations.Formats;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Interop;

/// <summary>The original tool and we, in turns and at once, on the same database.</summary>
/// <param name="cluster">The server.</param>
/// <param name="format">The tool's format.</param>
/// <param name="rows">SQL for what its history says, but for ids and times, as one text.</param>
public abstract class InteropContract(PostgresCluster cluster, string format, string rows) : IDisposable
{
    private protected static readonly ProcessRunner Processes = new(TimeProvider.System);
    private readonly FormatProject _project = new(format);
    private readonly StringWriter _output = new();

    private protected FormatProject Project => _project;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Take_turns_and_leave_what_the_tool_alone_leaves(bool toolBegins)
    {
        var (ours, pure) = (await UrlAsync(), await UrlAsync());
        First();
        await (toolBegins ? UpAsync(ours) : DeployAsync(ours));
        Second();
        Assert.False(await IsUpToDateAsync(ours));
        Assert.Equal("2 applied, 2 pending", await SummaryAsync(ours));
        await (toolBegins ? DeployAsync(ours) : UpAsync(ours));
        await UpAsync(pure);

        Assert.True(await IsUpToDateAsync(ours));
        Assert.Equal("4 applied", await SummaryAsync(ours));
        Assert.Equal(await RowsAsync(pure), await RowsAsync(ours));
        Assert.Equal(await SchemaDump.OfAsync(pure), await SchemaDump.OfAsync(ours));
    }

    public void Dispose()
    {
        _project.Dispose();
        _output.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected virtual void First()
    {
        _project.Add(1, "users", "CREATE TABLE users (id int PRIMARY KEY, name text);", "DROP TABLE users;");
        _project.Add(
            2,
            "rows",
            "INSERT INTO users VALUES (1, 'a;b');\nALTER TABLE users ADD born date;",
            "ALTER TABLE users DROP born;\nDELETE FROM users;"
        );
    }

    private protected virtual void Second()
    {
        _project.Add(
            3,
            "index",
            "CREATE INDEX CONCURRENTLY users_name ON users (name);",
            "DROP INDEX CONCURRENTLY users_name;",
            transaction: false
        );
        _project.Add(
            4,
            "function",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;",
            "DROP FUNCTION f();"
        );
    }

    /// <summary>Applies what is pending with the tool itself.</summary>
    private protected abstract Task UpAsync(DatabaseUrl url);

    /// <summary>True when the tool itself says that nothing is pending.</summary>
    private protected abstract Task<bool> IsUpToDateAsync(DatabaseUrl url);

    private protected async Task<string> SummaryAsync(DatabaseUrl url) =>
        MigrationStatusTable.Summary(await Migrator.StatusAsync(url, _project.Settings, Token));

    private protected async Task DeployAsync(DatabaseUrl url)
    {
        var status = await Migrator.StatusAsync(url, _project.Settings, Token);
        await new Migrator(Output()).DeployAsync(url, _project.Settings, status.Planned, Token);
    }

    private protected async Task RollBackAsync(DatabaseUrl url)
    {
        var status = await Migrator.StatusAsync(url, _project.Settings, Token);
        var chosen = MigrationRollback.Choose(_project.Read(), status, null, 1);
        await new MigrationRollback(Output()).RunAsync(url, _project.Settings, chosen, Token);
    }

    private protected Task BaselineAsync(DatabaseUrl url, string to) =>
        new HistoryRepair(Output()).BaselineAsync(url, _project.Settings, to, Token);

    private RunOutput Output() => new(TextWriter.Synchronized(_output), false, TimeProvider.System);

    private protected async Task<string?> RowsAsync(DatabaseUrl url)
    {
        await using var connection = new NpgsqlConnection(Connection(url));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(rows, connection);
        return await command.ExecuteScalarAsync(Token) as string;
    }

    private protected static async Task UntilAsync(DatabaseUrl url, string condition)
    {
        while (!await TestDatabase.ScalarAsync<bool>(url, condition, Token))
        {
            await Task.Delay(20, Token);
        }
    }

    private protected static string Connection(DatabaseUrl url) =>
        $"Host={url.Host};Port={url.Port};Username={url.User};Database={url.Database};Pooling=false";

    private protected async Task<DatabaseUrl> UrlAsync()
    {
        var builder = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync(Token));
        return DatabaseUrl.Parse(
            "DATABASE_URL",
            $"postgresql://{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database}?sslmode=disable"
        );
    }
}
