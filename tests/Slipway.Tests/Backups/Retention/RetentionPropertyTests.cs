using CsCheck;
using Slipway.Backups;
using Slipway.Backups.Retention;
using static Slipway.Tests.Backups.BackupSamples;

namespace Slipway.Tests.Backups.Retention;

/// <summary>What holds for any backups, at any time, under any policy.</summary>
public sealed class RetentionPropertyTests
{
    // Often one that keeps nothing by itself: then only the rules that always win are left.
    private static readonly Gen<RetentionPolicy> Policies = Gen.Select(
        Gen.Int[1, 40],
        Gen.Frequency((2, Gen.Int[0, 5].Array[5]), (1, Gen.Const(new int[5]))),
        (days, counts) =>
            new RetentionPolicy
            {
                KeepWithin = TimeSpan.FromDays(days),
                Days = counts[0],
                Weeks = counts[1],
                Months = counts[2],
                Years = counts[3],
                Minimum = counts[4],
            }
    );

    // Up to two years, and some from the future or long ago, so that the clock looks wrong.
    private static readonly Gen<IReadOnlyList<StoredBackup>> Sets = Gen.Select(
            Gen.Frequency((60, Gen.Int[0, 1_000_000]), (1, Gen.Int[-500, -1])),
            Gen.Int[0, 5]
        )
        .Array[0, 25]
        .Select(all =>
            (IReadOnlyList<StoredBackup>)[.. all.Select((one, number) => Backup(one.Item1, one.Item2, number))]
        );

    private static readonly Gen<NeededBackups> Needs = Gen.Int[0, 24]
        .Array[0, 2]
        .Select(numbers => new NeededBackups(
            new Dictionary<string, string>(),
            numbers.Distinct().ToDictionary(number => $"run-{number}", number => $"run-{number} did not end")
        ));

    [Fact]
    public void Never_removes_what_must_stay() =>
        Gen.Select(Sets, Policies, Needs)
            .Sample(
                (backups, policy, needed) =>
                {
                    var facts = Facts(backups, needed);
                    var plan = RetentionPlanner.Plan(facts, policy);
                    var deleted = plan.Deleted.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
                    var verified = backups.Where(backup => backup.IsVerified).OrderBy(Time).ToList();
                    var newest = verified.LastOrDefault();
                    Assert.Equal(backups.Count, plan.Items.Count);
                    Assert.DoesNotContain(newest?.Id ?? "", deleted);
                    Assert.DoesNotContain(verified.FindLast(one => one.Restored is not null)?.Id ?? "", deleted);
                    Assert.True(
                        verified.Count(one => !deleted.Contains(one.Id)) >= Math.Min(policy.Minimum, verified.Count)
                    );
                    foreach (var gone in backups.Where(backup => deleted.Contains(backup.Id)))
                    {
                        Assert.True(Now - Time(gone) >= policy.KeepWithin, "younger than the retention");
                        Assert.False(needed.Runs.ContainsKey(gone.Manifest.Run), "needed by a run");
                        Assert.True(Time(newest!) > Time(gone), "no verified one is newer");
                        Assert.All(backups, backup => Assert.True(Time(backup) <= Now, "the clock is wrong"));
                    }
                },
                iter: 3000
            );

    [Fact]
    public void Removes_nothing_more_when_it_runs_again() =>
        Gen.Select(Sets, Policies, Needs)
            .Sample(
                (backups, policy, needed) =>
                {
                    var deleted = Deleted(backups, policy, needed);
                    var left = backups.Where(backup => !deleted.Contains(backup.Id)).ToList();

                    Assert.Empty(Deleted(left, policy, needed));
                },
                iter: 3000
            );

    [Fact]
    public void Never_loses_the_last_verified_backup_to_a_newer_one() =>
        Gen.Select(Sets, Policies, Gen.Int[0, 5])
            .Sample(
                (others, policy, kind) =>
                {
                    // One that counts among any that do not, and then one more of any kind.
                    var only = Backup(400_000, 2, 90);
                    List<StoredBackup> backups = [only, .. others.Where(backup => !backup.IsVerified)];
                    var newer = Backup(1, kind, 91);

                    Assert.DoesNotContain(only.Id, Deleted(backups, policy));
                    var deleted = Deleted([.. backups, newer], policy);
                    Assert.True(newer.IsVerified || !deleted.Contains(only.Id));
                    Assert.DoesNotContain(newer.Id, deleted);
                },
                iter: 1000
            );

    [Fact]
    public void Keeps_more_the_longer_it_shall_keep() =>
        Gen.Select(Sets, Policies, Gen.Int[0, 100])
            .Sample(
                (backups, policy, more) =>
                    Assert.Subset(
                        Deleted(backups, policy),
                        Deleted(
                            backups,
                            policy with
                            {
                                KeepWithin = policy.KeepWithin + TimeSpan.FromDays(more),
                                Minimum = policy.Minimum + more,
                            }
                        )
                    ),
                iter: 1000
            );

    private static HashSet<string> Deleted(
        IReadOnlyList<StoredBackup> backups,
        RetentionPolicy policy,
        NeededBackups? needed = null
    ) =>
        RetentionPlanner
            .Plan(Facts(backups, needed ?? NeededBackups.None), policy)
            .Deleted.Select(item => item.Id)
            .ToHashSet(StringComparer.Ordinal);

    private static RetentionFacts Facts(IReadOnlyList<StoredBackup> backups, NeededBackups needed) =>
        new()
        {
            Environment = "test",
            Now = Now,
            Backups = [.. backups.OrderBy(Time)],
            Objects =
            [
                .. backups.Select(backup => new Slipway.Storage.StoredObject(
                    $"backups/test/{backup.Id}/manifest.json",
                    1
                )),
            ],
            Needed = needed,
        };

    private static DateTimeOffset Time(StoredBackup backup) => backup.Manifest.Started;

    private static StoredBackup Backup(int minutes, int kind, int number)
    {
        var started = Now.AddMinutes(-minutes);
        var manifest = Manifest(started, number) with { Run = $"run-{number}" };
        var restored = Restored(started, started.AddHours(1));
        return kind switch
        {
            0 => Stored(manifest),
            1 => Stored(manifest, ReadBack(started, problem: "broken")),
            2 => Stored(manifest, ReadBack(started), restored),
            3 => Stored(manifest, restored, ReadBack(started.AddDays(1), problem: "broken later")),
            _ => Stored(manifest, ReadBack(started)),
        };
    }
}
