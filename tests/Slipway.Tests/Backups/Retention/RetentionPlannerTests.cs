using Slipway.Backups;
using Slipway.Backups.Retention;
using Slipway.Storage;
using Slipway.Tests.Support;
using static Slipway.Tests.Backups.BackupSamples;

namespace Slipway.Tests.Backups.Retention;

public sealed class RetentionPlannerTests
{
    private static readonly RetentionPolicy Policy = new();

    [Fact]
    public void Tells_of_every_backup_whether_it_stays_and_why()
    {
        var daily = Enumerable.Range(1, 70).Select(days => Verified(Now.AddDays(-days).AddHours(-10)));
        var broken = Now.AddDays(-9);
        var tested = Now.AddDays(-65);
        var never = Now.AddHours(-3);
        List<StoredBackup> backups =
        [
            .. daily,
            Stored(Manifest(broken), ReadBack(broken, problem: "the store has 3 bytes")),
            Stored(Manifest(tested), ReadBack(tested), Restored(tested, tested.AddHours(1))),
            Stored(Manifest(Now.AddDays(-12))),
            Stored(Manifest(never)),
            Verified(Now.AddDays(-20)),
        ];
        List<StoredObject> others =
        [
            Object(Now.AddDays(-2), "database.dump.zst.age"),
            Object(Now.AddHours(-1), "database.dump.zst.age"),
            Object(Now.AddDays(-30), "manifest.json"),
            new("backups/test/README", 10),
            new("backups/test/pgbackrest/backup.info", 10),
            new("backups/other/20260101T000000Z-0001/x", 10),
        ];
        var needed = new NeededBackups(
            new Dictionary<string, string>(),
            new Dictionary<string, string> { [IdOf(Now.AddDays(-20))] = "run 20260223T120000Z-0001 has the lock" }
        );

        var text = Plan(backups, others, needed).Text();

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Approval.Match(text);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(401)]
    public void Removes_nothing_while_the_clock_is_not_believed(int days)
    {
        List<StoredBackup> backups = [.. Enumerable.Range(0, 30).Select(age => Verified(Now.AddDays(-age)))];

        var plan = RetentionPlanner.Plan(
            new()
            {
                Environment = "test",
                Now = Now.AddDays(days),
                Backups = backups,
                Objects = [Object(Now.AddDays(-20).AddHours(1), "globals.sql.zst")],
            },
            Policy
        );

        Assert.Empty(plan.Deleted);
        Assert.Equal(31, plan.Items.Count);
        Approval.Match(plan.Suspicion!, variant: days < 0 ? "behind" : "ahead");
    }

    [Fact]
    public void Keeps_the_generations_of_backups_that_stopped()
    {
        List<StoredBackup> backups = [.. Enumerable.Range(200, 100).Select(days => Verified(Now.AddDays(-days)))];

        var kept = Plan(backups).Items.Where(item => !item.IsDeleted).ToList();

        Assert.Equal(7, kept.Count(item => item.Reason.Contains("day", StringComparison.Ordinal)) + 1);
        Assert.Equal(3, kept.Count(item => item.Reason.Contains("month", StringComparison.Ordinal)));
    }

    [Fact]
    public void Does_not_count_what_is_not_verified()
    {
        List<StoredBackup> backups =
        [
            Verified(Now.AddDays(-100)),
            .. Enumerable.Range(10, 30).Select(days => Stored(Manifest(Now.AddDays(-days)))),
        ];

        var plan = Plan(backups);

        Assert.Empty(plan.Deleted);
        Assert.Equal("newest verified", plan.Items[0].Reason);
        Assert.Equal("never verified, but no verified one is newer", plan.Items[1].Reason);
    }

    [Fact]
    public void Leaves_a_killed_runs_files_alone_while_its_run_may_live_or_nothing_better_is_there()
    {
        var old = Now.AddDays(-3);
        List<StoredObject> files = [Object(old, "database.dump.zst.age"), new("backups/test/notes/x", 1)];
        var alive = new NeededBackups(
            new Dictionary<string, string>(),
            new Dictionary<string, string> { ["20260101T000000Z-0001"] = "run 20260101T000000Z-0001 has the lock" }
        );
        List<StoredBackup> better = [Verified(Now.AddDays(-1))];

        Assert.Empty(Plan([], files).Deleted);
        Assert.Empty(Plan([Stored(Manifest(Now.AddDays(-1)))], files).Deleted);
        Assert.Empty(Plan([Verified(Now.AddDays(-4))], files).Deleted);
        Assert.Empty(Plan(better, files, alive).Deleted);
        Assert.Equal([IdOf(old)], Plan(better, files).Deleted.Select(item => item.Id));
    }

    [Fact]
    public void Says_how_long_erased_data_stays()
    {
        Assert.Equal(TimeSpan.FromDays(186), Policy.Horizon);
        Assert.Equal(TimeSpan.FromDays(30), (Policy with { Months = 0, KeepWithin = TimeSpan.FromDays(30) }).Horizon);
    }

    private static RetentionPlan Plan(
        IReadOnlyList<StoredBackup> backups,
        IReadOnlyList<StoredObject>? others = null,
        NeededBackups? needed = null
    ) =>
        RetentionPlanner.Plan(
            new()
            {
                Environment = "test",
                Now = Now,
                Backups = backups,
                Objects = [.. backups.SelectMany(Objects), .. others ?? []],
                Needed = needed ?? NeededBackups.None,
            },
            Policy
        );

    private static IEnumerable<StoredObject> Objects(StoredBackup backup) =>
        [
            new($"backups/test/{backup.Id}/manifest.json", 2_000),
            .. backup.Manifest.Archives.Select(archive => new StoredObject(
                backup.Manifest.Key(archive),
                archive.Sums.Bytes
            )),
        ];

    private static StoredObject Object(DateTimeOffset started, string name) =>
        new($"backups/test/{IdOf(started)}/{name}", 9_000_000);
}
