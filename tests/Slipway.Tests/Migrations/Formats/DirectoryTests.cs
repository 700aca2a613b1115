using Slipway.Migrations;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Formats;

/// <summary>Directories like those of public projects, small and large, in every format.</summary>
[Trait("Needs", "Server")]
public sealed class DirectoryTests(PostgresCluster cluster)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Directories =>
        new MatrixTheoryData<string, int>(
            ["prisma", "dbmate", "golang-migrate", "flyway", "efcore", "plain"],
            [20, 100, 1000]
        );

    [Theory]
    [MemberData(nameof(Directories))]
    public async Task Are_read_applied_in_order_and_up_to_date(string format, int size)
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        using var project = new FormatProject(format);
        PublicDirectory.Fill(project, format, size);
        using var printed = new StringWriter();

        var set = project.Read();
        var before = await Migrator.StatusAsync(url, project.Settings, Token);
        var outcome = await new Migrator(new(printed, false, TimeProvider.System)).DeployAsync(
            url,
            project.Settings,
            before.Planned,
            Token
        );
        var after = await Migrator.StatusAsync(url, project.Settings, Token);

        Assert.Equal((format, size), (set.Format.Name, set.Migrations.Count));
        Assert.Equal($"{size} pending", MigrationStatusTable.Summary(before));
        var names = set.Migrations.Select(migration => migration.Name);
        Assert.Equal(names, outcome.Applied.Select(applied => applied.Name));
        Assert.Equal(
            (ExitCode.Done, $"{size} applied", set.Migrations[^1].Name),
            (after.ExitCode, MigrationStatusTable.Summary(after), after.LastApplied)
        );
        Assert.Equal(PublicDirectory.Tables(size) + 1, await TablesAsync(url));
    }

    private static async Task<long> TablesAsync(DatabaseUrl url)
    {
        await using var source = Postgres.PostgresSource.Create(url, "test");
        await using var command = source.CreateCommand("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'");
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
