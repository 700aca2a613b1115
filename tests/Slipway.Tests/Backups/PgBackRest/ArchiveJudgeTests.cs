using Slipway.Backups.PgBackRest;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

public sealed class ArchiveJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 3, 0, 0, TimeSpan.Zero);

    private static readonly ArchiveState Well = new()
    {
        Now = Now,
        IsOn = true,
        Waiting = 1,
        OldestWaiting = Now.AddSeconds(-2),
        LastArchived = WalSegment.Parse("0000000100000000000000A0"),
        LastArchivedAt = Now.AddSeconds(-3),
        // An hour ago it failed, and then it went on.
        LastFailed = "000000010000000000000001",
        LastFailedAt = Now.AddHours(-1),
        WalBytes = 256 << 20,
        WalLimit = 1 << 30,
        NewestInRepository = WalSegment.Parse("0000000100000000000000A0"),
    };

    private static readonly ArchiveState[] Ill =
    [
        Well with
        {
            IsOn = false,
        },
        Well with
        {
            LastFailedAt = Now.AddSeconds(-1),
        },
        Well with
        {
            LastArchived = null,
            LastArchivedAt = null,
            NewestInRepository = null,
        },
        Well with
        {
            SpoolErrors = ["[103] unable to find a valid repository"],
        },
        Well with
        {
            OldestWaiting = Now.AddMinutes(-6),
        },
        Well with
        {
            Waiting = 65,
            WalBytes = 3L << 30,
        },
        Well with
        {
            NewestInRepository = WalSegment.Parse("00000001000000000000009F"),
        },
        Well with
        {
            RepositoryProblem = "pgBackRest info of app: unable to open the repository",
        },
        Well with
        {
            SpoolBytes = 2L << 30,
        },
    ];

    [Fact]
    public void Says_nothing_when_all_is_well()
    {
        Assert.Empty(ArchiveJudge.Judge(Well, new()));
        Assert.Empty(
            ArchiveJudge.Judge(Well with { LastFailed = null, LastFailedAt = null, NewestInRepository = null }, new())
        );
    }

    [Fact]
    public void Says_what_is_wrong_and_what_to_do()
    {
        var all = Ill.Select(state => ArchiveJudge.Judge(state, new())).ToList();

        Assert.All(all, findings => Assert.NotEmpty(findings));
        Assert.Equal(
            Enum.GetValues<ArchiveCondition>(),
            all.SelectMany(found => found).Select(found => found.Condition).Distinct().Order()
        );
        Approval.Match(
            string.Join(
                '\n',
                all.SelectMany(found => found)
                    .Select(found => $"{found.Condition}: {found.Text}\n  HINT: {found.Remedy}")
            )
        );
    }

    [Fact]
    public void Takes_another_timeline_for_no_gap() =>
        Assert.Empty(
            ArchiveJudge.Judge(Well with { LastArchived = WalSegment.Parse("0000000200000000000000A1") }, new())
        );
}
