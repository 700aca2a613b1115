using Slipway.Migrations;
using Slipway.Migrations.Prisma;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

public sealed class RollbackTests
{
    [Fact]
    public void Undoes_in_the_order_in_which_they_were_applied_backwards()
    {
        var set = Set(File("1", "DROP"), File("2", "DROP"), File("3", "DROP"));

        // 2 came late.
        var status = Status(set, "1", "3", "2");

        Assert.Equal(["2", "3"], Names(MigrationRollback.Choose(set, status, null, 2)));
        Assert.Equal(["2", "3"], Names(MigrationRollback.Choose(set, status, "1", 0)));
    }

    [Fact]
    public void Says_every_reason_why_it_cannot()
    {
        var set = Set(
            File("1_none", null),
            File("2_empty", "-- nothing\n"),
            File("3_bad", "DROP TABLE a;\nCOMMIT;"),
            File("5_changed", "DROP TABLE b;")
        );
        var status = Status(set, "1_none", "2_empty", "3_bad", "4_missing", "5_changed!");

        var error = Assert.Throws<SlipwayException>(() => MigrationRollback.Choose(set, status, null, 5));

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Approval.Match($"{error.Message}\nHINT: {error.Hint}");
    }

    [Theory]
    [InlineData(null, 3, "3 migrations cannot be undone: 2 are applied")]
    [InlineData("2", 0, "2 is the migration that was applied last")]
    [InlineData("3", 0, "Migration 3 is not applied")]
    [InlineData("9", 0, "There is no migration 9 among the 3")]
    public void Refuses_what_makes_no_sense(string? to, int steps, string message)
    {
        var set = Set(File("1", "DROP"), File("2", "DROP"), File("3", "DROP"));

        var error = Assert.Throws<SlipwayException>(() =>
            MigrationRollback.Choose(set, Status(set, "1", "2"), to, steps)
        );

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(IEnumerable<Migration> migrations) =>
        migrations.Select(migration => migration.Name);

    private static MigrationSet Set(params Migration[] files) => new(new PrismaFormat(), "/shop/migrations", files);

    // A name with ! was applied with another text.
    private static MigrationStatus Status(MigrationSet set, params string[] applied) =>
        MigrationStatus.Of(
            set,
            [
                .. applied.Select(
                    (name, at) =>
                        new HistoryRow(
                            name,
                            name.TrimEnd('!'),
                            name.EndsWith('!') ? "other" : set.Find(name)?.Checksum ?? "",
                            DateTimeOffset.UnixEpoch.AddMinutes(at),
                            DateTimeOffset.UnixEpoch.AddMinutes(at),
                            null,
                            null
                        )
                ),
            ],
            null,
            appliesOutOfOrder: true
        );

    private static Migration File(string name, string? down) =>
        new()
        {
            Name = name,
            Sql = "SELECT 1;",
            DownSql = down,
            DownPath = down is null ? null : $"{name}/down.sql",
        };
}
