using System.Globalization;
using Slipway.Migrations;
using Slipway.Migrations.Prisma;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

public sealed class MigrationStatusTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse(
        "2026-01-31T12:00:00Z",
        CultureInfo.InvariantCulture
    );

    [Fact]
    public void Tells_every_condition_and_hides_none()
    {
        var status = Mixed();

        Assert.Equal(["20260103_late", "20260106_again", "20260107_bad", "20260108_new"], status.Pending);
        Assert.Equal(
            ["20260102_changed", "20260104_missing", "20260105_failed", "20260107_bad"],
            status.Blocking.Select(entry => entry.Name)
        );
        Assert.Equal("20260104_missing", status.Newest);
        var text = MigrationStatusTable.Text(status);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Approval.Match(text);
    }

    [Fact]
    public void Refuses_to_deploy_while_something_blocks()
    {
        var error = Assert.Throws<SlipwayException>(() => Mixed().RefuseBlocking());

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Approval.Match($"{error.Message}\nHINT: {error.Hint}");
    }

    [Fact]
    public void Folds_a_long_past_into_one_line()
    {
        var files = Enumerable.Range(1, 40).Select(day => File($"{day:00}_x", $"SELECT {day}")).ToList();
        var rows = files.Take(38).Select(file => Row(file)).ToList();

        var status = Status(files, rows);

        Assert.Equal("38 applied, 2 pending", MigrationStatusTable.Summary(status));
        Approval.Match(MigrationStatusTable.Text(status));
    }

    [Fact]
    public void Sees_no_failure_in_one_that_was_rolled_back_and_then_applied()
    {
        var file = File("1_a", "SELECT 1");
        HistoryRow[] rows =
        [
            Row(file) with
            {
                FinishedAt = null,
                RolledBackAt = Noon,
                IsRolledBack = true,
                Checksum = "other",
            },
            Row(file) with
            {
                StartedAt = Noon.AddMinutes(1),
            },
        ];

        Assert.Equal(MigrationCondition.Applied, Assert.Single(Status([file], rows).Entries).Condition);
    }

    [Fact]
    public void Does_not_forget_one_that_was_interrupted_when_its_file_is_gone()
    {
        var file = File("1_a", "SELECT 1");
        var progress = new StepProgressRow("2_gone", false, "0", "x", 1, false, 1, null, Noon);

        var status = MigrationStatus.Of(
            new(new PrismaFormat(), "migrations", [file]),
            [Row(file)],
            progress,
            appliesOutOfOrder: true
        );

        var entry = Assert.Single(status.Blocking);
        Assert.Equal(("2_gone", MigrationCondition.Failed), (entry.Name, entry.Condition));
        Assert.Contains("stopped after statement 1, and its file is gone", entry.Detail, StringComparison.Ordinal);
    }

    private static MigrationStatus Mixed()
    {
        var (applied, changed, late) = (
            File("20260101_first", "A"),
            File("20260102_changed", "B"),
            File("20260103_late", "C")
        );
        var (failed, again, bad, fresh) = (
            File("20260105_failed", "D"),
            File("20260106_again", "E"),
            File("20260107_bad", "SELECT 1;\nCOMMIT"),
            File("20260108_new", "F")
        );
        return Status(
            [applied, changed, late, failed, again, bad, fresh],
            [
                Row(applied),
                Row(changed) with
                {
                    Checksum = "0",
                },
                Row(File("20260104_missing", "")),
                Row(failed) with
                {
                    FinishedAt = null,
                    IsFailed = true,
                    Logs = "relation \"users\" does not exist\nmore",
                },
                Row(again) with
                {
                    RolledBackAt = Noon,
                    IsRolledBack = true,
                },
                Row(File("20260109_gone", "")) with
                {
                    RolledBackAt = Noon,
                    IsRolledBack = true,
                },
            ]
        );
    }

    private static MigrationStatus Status(IReadOnlyList<Migration> files, IReadOnlyList<HistoryRow> rows) =>
        MigrationStatus.Of(new(new PrismaFormat(), "migrations", files), rows, null, appliesOutOfOrder: true);

    private static Migration File(string name, string sql) => new() { Name = name, Sql = sql };

    private static HistoryRow Row(Migration file) =>
        new($"id-of-{file.Name}", file.Name, file.Checksum, Noon, Noon, null, null);
}
