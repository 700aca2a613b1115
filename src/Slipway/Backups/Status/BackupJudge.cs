using System.Globalization;
using Slipway.Runs;

namespace Slipway.Backups.Status;

/// <summary>Judges the backups of an environment: whether there are good ones, and what the newest is like.</summary>
public static partial class BackupJudge
{
    private const double MostlyFailing = 0.9;

    /// <summary>Judges everything.</summary>
    public static BackupStatus Judge(BackupStatusFacts facts) =>
        new(
            facts.Environment,
            facts.Now,
            [
                Enabled(facts),
                NewestVerified(facts),
                Broken(facts),
                Unverified(facts),
                SuccessRate(facts),
                Size(facts),
                Duration(facts),
                RestoreTest(facts),
                Encryption(facts),
                Keys(facts),
                .. Server(facts),
            ]
        );

    private static BackupStatusItem Enabled(BackupStatusFacts facts) =>
        facts.Enabled
            ? Ok("enabled", "BACKUP_ENABLED is true", "")
            : new(
                "enabled",
                BackupItemStatus.Warn,
                "BACKUP_ENABLED is false",
                "",
                "set it to true, unless somebody else takes the backups and watches them"
            );

    private static BackupStatusItem NewestVerified(BackupStatusFacts facts)
    {
        const string Name = "newest_verified";
        var limit = Elapsed.Text(facts.Thresholds.Newest);
        if (facts.Backups.LastOrDefault(backup => backup.IsVerified) is not { } newest)
        {
            return new(Name, BackupItemStatus.Fail, "there is none", limit, Command(facts, "Backup"));
        }

        var age = facts.Now - newest.Manifest.Started;
        var value = $"{Elapsed.Text(age)} old: {newest.Id}";
        return age < TimeSpan.Zero
                ? new(Name, BackupItemStatus.Unknown, value, limit, "set the clock: a backup is newer than it says")
            : age > facts.Thresholds.Newest ? new(Name, BackupItemStatus.Fail, value, limit, Command(facts, "Backup"))
            : Ok(Name, value, limit);
    }

    private static BackupStatusItem Broken(BackupStatusFacts facts)
    {
        var broken = facts.Backups.Where(backup => backup is { IsVerified: false, Verifications.Count: > 0 }).ToList();
        if (broken.Count == 0)
        {
            return Ok("broken", "none", "0");
        }

        var isNewest = facts.Backups[^1].Id == broken[^1].Id;
        return new(
            "broken",
            isNewest ? BackupItemStatus.Fail : BackupItemStatus.Warn,
            $"{broken.Count}: {broken[^1].Id} {broken[^1].Verifications[^1].Problem}",
            "0",
            $"find out what changed it{(isNewest ? $", then {Command(facts, "Backup")}" : "")}"
        );
    }

    private static BackupStatusItem Unverified(BackupStatusFacts facts)
    {
        var limit = Elapsed.Text(facts.Thresholds.Unverified);
        var waiting = facts.Backups.Where(backup => backup.Verifications.Count == 0).ToList();
        if (waiting.Count == 0)
        {
            return Ok("unverified", "none", limit);
        }

        var age = facts.Now - waiting[0].Manifest.Started;
        var value = $"{waiting.Count}, the oldest {Elapsed.Text(age)}: {waiting[0].Id}";
        return age <= facts.Thresholds.Unverified
            ? Ok("unverified", value, limit)
            : new("unverified", BackupItemStatus.Warn, value, limit, Command(facts, "BackupVerify"));
    }

    private static BackupStatusItem SuccessRate(BackupStatusFacts facts)
    {
        const string Name = "success_rate";
        var limit = $"over {Percent(facts.Thresholds.SuccessRate)}";
        var attempts = facts.Attempts.Where(attempt => facts.Now - attempt.At <= facts.Thresholds.Window).ToList();
        var days = Elapsed.Text(facts.Thresholds.Window);
        if (attempts.Count == 0)
        {
            return new(Name, BackupItemStatus.Unknown, $"no attempts in {days}", limit, Command(facts, "Backup"));
        }

        var rate = (double)attempts.Count(attempt => attempt.Succeeded) / attempts.Count;
        var value = $"{Percent(rate)} of {attempts.Count} in {days}";
        if (rate > facts.Thresholds.SuccessRate)
        {
            return Ok(Name, value, limit);
        }

        var failed = attempts.Last(attempt => !attempt.Succeeded);
        var status = rate <= MostlyFailing || !attempts[^1].Succeeded ? BackupItemStatus.Fail : BackupItemStatus.Warn;
        return new(
            Name,
            status,
            value,
            limit,
            $"the last failure, {failed.At.UtcDateTime:yyyy-MM-dd HH:mm}Z: {failed.Reason}"
        );
    }

    private static BackupStatusItem RestoreTest(BackupStatusFacts facts)
    {
        const string Name = "restore_test";
        var limit = Elapsed.Text(facts.Thresholds.RestoreTest);
        var last = facts
            .Backups.SelectMany(backup => backup.Verifications)
            .Where(verification => verification.Level is VerificationLevel.Restored)
            .MaxBy(verification => verification.At);
        if (last is null)
        {
            return new(Name, BackupItemStatus.Fail, "there was none", limit, RestoreCommand(facts));
        }

        var ago = $"{Elapsed.Text(facts.Now - last.At)} ago: {last.Backup}";
        return !last.Passed ? new(Name, BackupItemStatus.Fail, $"{ago} {last.Problem}", limit, RestoreCommand(facts))
            : facts.Now - last.At > facts.Thresholds.RestoreTest
                ? new(Name, BackupItemStatus.Warn, ago, limit, RestoreCommand(facts))
            : Ok(Name, $"{ago} in {RunOutput.Duration(last.Duration)}", limit);
    }

    private static BackupStatusItem Ok(string name, string value, string limit) =>
        new(name, BackupItemStatus.Ok, value, limit, null);

    private static BackupStatusItem Nothing(string name, string limit, BackupStatusFacts facts) =>
        new(name, BackupItemStatus.Unknown, "there is no backup", limit, Command(facts, "Backup"));

    private static string RestoreCommand(BackupStatusFacts facts) =>
        $"{Command(facts, "BackupVerify")} --verify-level 2";

    private static string Command(BackupStatusFacts facts, string target) =>
        $"./build.sh {target} --env {facts.Environment}";

    // Rounded down, so that 99.97 % is never shown as 100 %.
    private static string Percent(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor((share * 1000) + 1e-6) / 10:0.#} %");
}
