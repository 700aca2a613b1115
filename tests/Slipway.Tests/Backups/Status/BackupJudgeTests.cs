using Slipway.Backups;
using Slipway.Backups.Status;
using Slipway.Settings;
using Slipway.Tests.Support;
using static Slipway.Tests.Backups.BackupSamples;

namespace Slipway.Tests.Backups.Status;

public sealed class BackupJudgeTests
{
    private static readonly BackupStatusFacts Good = new()
    {
        Environment = "test",
        Now = Now,
        Backups = Daily(),
        Attempts = [.. Enumerable.Range(0, 60).Select(days => new BackupAttempt(Now.AddDays(days - 60), true, null))],
        KeyIds = ["3f2a9c1b77d0e4a1"],
    };

    private static readonly BackupStatusFacts Bad = Good with
    {
        Backups = Neglected(),
        Attempts =
        [
            .. Enumerable.Range(1, 20).Select(days => new BackupAttempt(Now.AddDays(days - 25), true, null)),
            new(Now.AddDays(-40), false, "long ago"),
            new(Now.AddDays(-4), false, "pg_dump: error: connection to server failed:\nNo route to host"),
        ],
        Enabled = false,
        KeyIds = ["a90c1f0d2b3e4f55"],
    };

    [Fact]
    public void Says_that_everything_is_well() => Match(Good, ExitCode.Done);

    [Fact]
    public void Says_what_is_not_and_what_to_do() => Match(Bad, ExitCode.Failed);

    [Fact]
    public void Is_never_green_where_nothing_can_be_seen() =>
        Match(
            new()
            {
                Environment = "test",
                Now = Now,
                Backups = [],
                Attempts = [],
            },
            ExitCode.Failed
        );

    [Fact]
    public void Tells_machines_the_same() => Approval.Match(BackupJudge.Judge(Bad).Json(), "json");

    [Fact]
    public void Measures_for_prometheus()
    {
        var facts = Good with { Environment = "a \"b\"\\" };

        Approval.Match(BackupMetrics.Text(facts, BackupJudge.Judge(facts)), "prom");
    }

    [Fact]
    public void Leaves_out_of_the_metrics_what_was_never_measured()
    {
        var facts = Good with { Backups = [Stored(Manifest(Now.AddHours(-1)))] };

        var text = BackupMetrics.Text(facts, BackupJudge.Judge(facts));

        Assert.DoesNotContain("last_success", text, StringComparison.Ordinal);
        Assert.Contains("slipway_backup_size_bytes{environment=\"test\"} 12300700", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(26, 0, BackupItemStatus.Ok)]
    [InlineData(26, 1, BackupItemStatus.Fail)]
    [InlineData(-1, 0, BackupItemStatus.Unknown)]
    public void Wants_a_verified_backup_that_is_young(int hours, int minutes, BackupItemStatus status) =>
        Assert.Equal(
            status,
            Item(Good with { Backups = [Verified(Now.AddHours(-hours).AddMinutes(-minutes))] }, "newest_verified")
        );

    [Fact]
    public void Does_not_take_an_unverified_backup_for_a_fresh_one()
    {
        List<StoredBackup> backups = [Verified(Now.AddDays(-3)), Stored(Manifest(Now.AddHours(-1)))];

        Assert.Equal(BackupItemStatus.Fail, Item(Good with { Backups = backups }, "newest_verified"));
        Assert.Equal(BackupItemStatus.Ok, Item(Good with { Backups = backups }, "unverified"));
    }

    [Theory]
    [InlineData(0.71, BackupItemStatus.Ok)]
    [InlineData(0.70, BackupItemStatus.Warn)]
    [InlineData(5.00, BackupItemStatus.Ok)]
    public void Notices_a_backup_that_shrank(double share, BackupItemStatus status)
    {
        long[] sizes = [1, 1, 1, 900, 950, 1000, 1000, 1050, 1100, 1_000_000, (long)(1000 * share)];
        var backups = sizes.Select((size, place) => OfSize(Now.AddDays(place - 20), size)).ToList();

        Assert.Equal(status, Item(Good with { Backups = backups }, "size"));
    }

    [Theory]
    [InlineData(99, 1, false, BackupItemStatus.Warn)]
    [InlineData(100, 1, false, BackupItemStatus.Ok)]
    [InlineData(200, 1, true, BackupItemStatus.Ok)]
    [InlineData(50, 1, true, BackupItemStatus.Fail)]
    [InlineData(9, 1, false, BackupItemStatus.Fail)]
    public void Counts_attempts(int good, int bad, bool badIsLast, BackupItemStatus status)
    {
        var attempts = Enumerable
            .Range(0, good + bad)
            .Select(place =>
                badIsLast
                    ? new BackupAttempt(Now.AddHours(place - 300), place < good, "why")
                    : new BackupAttempt(Now.AddHours(place - 300), place >= bad, "why")
            );

        Assert.Equal(status, Item(Good with { Attempts = [.. attempts] }, "success_rate"));
    }

    [Fact]
    public void Wants_the_newest_restore_test_to_have_passed()
    {
        var started = Now.AddHours(-2);
        var failed = Stored(
            Manifest(started),
            ReadBack(started),
            Restored(started, Now.AddHours(-3)),
            Restored(started, Now.AddHours(-1), "public.notes has 3 rows instead of 4")
        );

        Assert.Equal(BackupItemStatus.Fail, Item(Good with { Backups = [failed] }, "restore_test"));
    }

    [Fact]
    public void Takes_a_broken_backup_less_seriously_once_there_is_a_good_one()
    {
        var old = Now.AddHours(-20);
        var broken = Stored(Manifest(old), ReadBack(old, problem: "flipped"));

        Assert.Equal(BackupItemStatus.Fail, Item(Good with { Backups = [broken] }, "broken"));
        Assert.Equal(BackupItemStatus.Warn, Item(Good with { Backups = [broken, Verified(Now)] }, "broken"));
    }

    [Theory]
    [InlineData("0 2 * * *", 26)]
    [InlineData("0 */6 * * *", 8)]
    [InlineData("0 2 * * mon-fri", 74)]
    [InlineData("nonsense", 26)]
    public void Expects_a_backup_as_often_as_the_schedule_takes_one(string schedule, int hours) =>
        Assert.Equal(
            TimeSpan.FromHours(hours),
            BackupThresholds.Of(new BackupSettings(true, 7, null) { Schedule = schedule }).Newest
        );

    private static void Match(
        BackupStatusFacts facts,
        ExitCode expected,
        [System.Runtime.CompilerServices.CallerMemberName] string test = ""
    )
    {
        var status = BackupJudge.Judge(facts);
        var text = status.Text();
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.Equal(expected, status.ExitCode);
        Approval.Match(text, test: test);
    }

    private static BackupItemStatus Item(BackupStatusFacts facts, string name) =>
        BackupJudge.Judge(facts).Items.Single(item => item.Name == name).Status;

    private static StoredBackup OfSize(DateTimeOffset started, long bytes)
    {
        var manifest = Manifest(started) with { Globals = null };
        var sums = manifest.Dump.Sums with { Bytes = bytes };
        return Stored(manifest with { Dump = manifest.Dump with { Sums = sums } }, ReadBack(started));
    }

    private static IReadOnlyList<StoredBackup> Daily() =>
        [
            .. Enumerable
                .Range(0, 10)
                .Select(place =>
                {
                    var started = Now.AddDays(place - 10).AddHours(14);
                    return place == 7
                        ? Stored(Manifest(started), ReadBack(started), Restored(started, started.AddHours(1)))
                        : Verified(started);
                }),
        ];

    private static IReadOnlyList<StoredBackup> Neglected()
    {
        var (tested, never, broken, last) = (Now.AddDays(-20), Now.AddDays(-6), Now.AddDays(-5), Now.AddDays(-4));
        var small = OfSize(last, 1_000_000).Manifest;
        return
        [
            Stored(Manifest(tested), ReadBack(tested), Restored(tested, tested.AddHours(1))),
            Stored(Manifest(never)),
            Stored(Manifest(broken), ReadBack(broken, problem: "database.dump.zst.age: the store has 3 bytes")),
            Stored(
                small with
                {
                    Duration = TimeSpan.FromMinutes(47),
                    Dump = small.Dump with { Name = "database.dump.zst" },
                    Keys = [],
                },
                ReadBack(last)
            ),
        ];
    }
}
