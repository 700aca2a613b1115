using Slipway.Migrations;
using Slipway.Settings;
using Slipway.Tests.Migrations.Formats;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

/// <summary>What real projects have in their folders and tools stumble over.</summary>
[Trait("Needs", "Server")]
public sealed class TrapTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\uFEFFCREATE TABLE b (id int);", "byte order mark")]
    [InlineData("CREATE TABLE b (id int);\n\\i other.sql", "line 2 holds a backslash command")]
    [InlineData("CREATE TABLE b (id int);\nCOPY b (id) FROM stdin;\n1\n\\.\n", "line 2: COPY … FROM STDIN needs psql")]
    [InlineData("BEGIN;\nCREATE TABLE b (id int);", "line 1: BEGIN would cut")]
    [InlineData("CREATE TABLE b (id int);\nCOMMIT;\nSELECT nope;", "line 2: COMMIT would cut")]
    [InlineData("CREATE TABLE b (id int);\nROLLBACK;", "line 2: ROLLBACK would cut")]
    [InlineData("SELECT 'never ends;\nCREATE TABLE b (id int);", "begins in line 1 and never ends")]
    public async Task Is_refused_before_even_the_good_one_before_it_runs(string sql, string problem)
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        using var folder = new MigrationFolder(("1_good", "CREATE TABLE a (id int);"), ("2_bad", sql));

        var status = await Migrator.StatusAsync(url, Settings(folder), Token);
        var error = await Assert.ThrowsAsync<SlipwayException>(() => DeployAsync(url, Settings(folder)));

        Assert.Equal(ExitCode.MigrationsUnfit, status.ExitCode);
        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains($"2_bad: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal("", await TablesAsync(url));
    }

    [Theory]
    [InlineData("CREATE TABLE b (id int);\nCREATE EXTENSION is_not_here;", "is_not_here", 2)]
    [InlineData("CREATE TABLE b (id int);\nALTER TABLE {{schema}}.b ADD x int;", "{", 2)]
    [InlineData("CREATE TABLE b (id int);\n\nALTER TABLE ${SCHEMA}.b ADD x int;", "$", 3)]
    public async Task Fails_cleanly_where_only_the_server_can_know(string sql, string says, int line)
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        using var folder = new MigrationFolder(("1_good", "CREATE TABLE a (id int);"), ("2_bad", sql));

        var error = await Assert.ThrowsAsync<MigrationFailedException>(() => DeployAsync(url, Settings(folder)));

        Assert.Equal(("2_bad", MigrationState.FailedCleanly, line), (error.Migration, error.Failure.State, error.Line));
        Assert.Contains(says, error.Failure.Error, StringComparison.Ordinal);
        Assert.Equal("_prisma_migrations,a", await TablesAsync(url));
    }

    [Fact]
    public async Task Takes_every_name_that_Prisma_takes_in_the_order_of_Prisma()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        string[] names =
        [
            "20230101_early",
            "20240101000000_a",
            "20240101000000_b",
            "20240102000000_add users copy",
            "20240103000000_x.sql",
            $"20240104000000_{new string('n', 100)}",
            "20240105000000_größe",
        ];
        using var folder = new MigrationFolder();
        foreach (var (name, number) in names.Select((name, number) => (name, number)).Reverse())
        {
            folder.Add(name, number == 0 ? "CREATE TABLE a (x0 int);" : $"ALTER TABLE a ADD x{number} int;\r\n");
        }

        var outcome = await DeployAsync(url, Settings(folder));

        Assert.Equal(names, outcome.Applied.Select(applied => applied.Name));
        Assert.Equal(ExitCode.Done, (await Migrator.StatusAsync(url, Settings(folder), Token)).ExitCode);
    }

    [Fact]
    public async Task Applies_a_file_without_a_byte()
    {
        foreach (var format in new[] { "prisma", "golang-migrate", "flyway", "plain" })
        {
            var url = await TestDatabase.CreateAsync(cluster, Token);
            using var project = new FormatProject(format);
            project.Add(1, "empty", "", "");

            await DeployAsync(url, project.Settings);

            Assert.Equal(ExitCode.Done, (await Migrator.StatusAsync(url, project.Settings, Token)).ExitCode);
        }
    }

    [Fact]
    public void Names_a_folder_with_a_step_in_TypeScript_instead_of_SQL()
    {
        using var folder = new MigrationFolder(("1_a", "SELECT 1;"));
        folder.Add("2_backfill", "export default async () => {};", "migration.ts");

        var error = Assert.Throws<SlipwayException>(() => MigrationSet.Read(Settings(folder)));

        Assert.Contains("2_backfill has no migration.sql", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flyway", "V1__a.sql", "V01__b.sql", "1")]
    [InlineData("flyway", "V1__a.sql", "V1.0__b.sql", "1")]
    [InlineData("golang-migrate", "1_a.up.sql", "001_b.up.sql", "1")]
    [InlineData("dbmate", "20240101000000_a.sql", "20240101000000_b.sql", "20240101000000")]
    public void Finds_two_files_that_its_tool_takes_for_one(string format, string one, string other, string version)
    {
        using var project = new FormatProject(format);
        foreach (var file in new[] { one, other })
        {
            File.WriteAllText(Path.Combine(project.Folder, file), "-- migrate:up\nSELECT 1;\n-- migrate:down\n");
        }

        var error = Assert.Throws<SlipwayException>(() => MigrationSet.Read(project.Settings with { Format = format }));

        Assert.Contains($"have the same version {version},", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_what_Flyway_would_fill_in()
    {
        using var project = new FormatProject("flyway");
        project.Add(1, "a", "CREATE TABLE ${schema}.a (id int);");

        var problem = Assert.Single(MigrationScript.Of(project.Read().Migrations[0]).Problems);

        Assert.Contains("placeholder ${schema}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_once_of_a_file_that_it_is_no_text()
    {
        using var project = new FormatProject("plain");
        project.Add(1, "a", "SELECT 1;");
        File.WriteAllBytes(Path.Combine(project.Folder, "02_b.sql"), [0x53, 0xE4, 0x3B]);

        var error = Assert.Throws<SlipwayException>(project.Read);

        Assert.Equal(2, error.Message.Split("02_b.sql is not UTF-8 (byte 1)").Length);
    }

    private static MigrationSettings Settings(MigrationFolder folder) =>
        new(folder.Path, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(60));

    private static async Task<MigrationOutcome> DeployAsync(DatabaseUrl url, MigrationSettings settings)
    {
        using var printed = new StringWriter();
        var status = await Migrator.StatusAsync(url, settings, Token);
        return await new Migrator(new(printed, false, TimeProvider.System)).DeployAsync(
            url,
            settings,
            status.Planned,
            Token
        );
    }

    private static async Task<string> TablesAsync(DatabaseUrl url)
    {
        await using var source = Postgres.PostgresSource.Create(url, "test");
        await using var command = source.CreateCommand(
            "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'"
        );
        return await command.ExecuteScalarAsync(Token) as string ?? "";
    }
}
