using Slipway.Backups.PgBackRest;
using Slipway.Runs;

namespace Slipway.Backups.Status;

public static partial class BackupJudge
{
    private static IEnumerable<BackupStatusItem> Server(BackupStatusFacts facts) =>
        facts.Server is not { } server ? []
        : server.RepositoryProblem is { } problem
            ?
            [
                new(
                    "server_repository",
                    BackupItemStatus.Unknown,
                    problem,
                    "",
                    $"mend it: until then no backup of the server is known to be there. Then: {Command(facts, "BackupStatus")}"
                ),
                .. Archive(facts, server),
            ]
        :
        [
            ServerNewest(facts, server),
            ServerVerified(facts, server),
            ServerSize(facts, server),
            ServerRestoreTest(facts, server),
            server.IsEncrypted || server.Backups.Count == 0
                ? Ok(
                    "server_encryption",
                    server.Backups.Count == 0 ? "no backup yet" : "the repository is encrypted",
                    ""
                )
                : new(
                    "server_encryption",
                    BackupItemStatus.Warn,
                    "the repository is NOT encrypted",
                    "",
                    "a repository is encrypted from its beginning or never: set BACKUP_REPOSITORY_KEY with a new one"
                ),
            .. Archive(facts, server),
        ];

    private static BackupStatusItem ServerNewest(BackupStatusFacts facts, ServerBackupFacts server)
    {
        const string Name = "server_newest";
        var limit = Elapsed.Text(facts.Thresholds.Newest);
        if (server.Backups.LastOrDefault(backup => !backup.Backup.HasDamagedPages) is not { } newest)
        {
            return new(Name, BackupItemStatus.Fail, "there is none", limit, $"{Command(facts, "Backup")} --type full");
        }

        var age = facts.Now - newest.Backup.Stopped;
        var value = $"{Elapsed.Text(age)} old: {newest.Label}";
        return age <= facts.Thresholds.Newest
            ? Ok(Name, value, limit)
            : new(Name, BackupItemStatus.Fail, value, limit, $"{Command(facts, "Backup")} --type diff");
    }

    private static BackupStatusItem ServerVerified(BackupStatusFacts facts, ServerBackupFacts server)
    {
        const string Name = "server_verified";
        var limit = Elapsed.Text(facts.Thresholds.Unverified);
        var remedy = $"{Command(facts, "BackupVerify")} --engine pgbackrest";
        if (
            server.Backups.LastOrDefault(backup => backup is { IsVerified: false, Verifications.Count: > 0 }) is
            { } broken
        )
        {
            return new(
                Name,
                BackupItemStatus.Fail,
                $"{broken.Label} is broken: {broken.Verifications[^1].Problem ?? "the database had damaged pages"}",
                limit,
                $"take a new one: {Command(facts, "Backup")} --type full"
            );
        }

        var waiting = server.Backups.FirstOrDefault(backup => backup.Verifications.Count == 0);
        if (waiting is null)
        {
            return server.Backups is [.., var newest]
                ? Ok(Name, $"all {server.Backups.Count}, the newest {newest.Label}", limit)
                : new(
                    Name,
                    BackupItemStatus.Unknown,
                    "there is no backup",
                    limit,
                    $"{Command(facts, "Backup")} --type full"
                );
        }

        var age = facts.Now - waiting.Backup.Stopped;
        var value = $"{waiting.Label} is not yet, {Elapsed.Text(age)} old";
        return age <= facts.Thresholds.Unverified
            ? Ok(Name, value, limit)
            : new(Name, BackupItemStatus.Warn, value, limit, remedy);
    }

    private static BackupStatusItem ServerSize(BackupStatusFacts facts, ServerBackupFacts server)
    {
        const string Name = "server_size";
        var limit = $"{Percent(facts.Thresholds.Shrinkage)} less";
        if (server.Backups is not [.., var newest])
        {
            return new(
                Name,
                BackupItemStatus.Unknown,
                "there is no backup",
                limit,
                $"{Command(facts, "Backup")} --type full"
            );
        }

        // Of the server's files: what an incremental backup stores says nothing.
        var bytes = newest.Backup.DatabaseBytes;
        var stored = RunOutput.Bytes(newest.Backup.RepositoryBytes);
        var sample = server
            .Backups.SkipLast(1)
            .TakeLast(facts.Thresholds.Sample)
            .Select(backup => backup.Backup.DatabaseBytes)
            .Order()
            .ToList();
        if (sample.Count == 0)
        {
            return Ok(Name, $"{RunOutput.Bytes(bytes)}, stored {stored}, the first", limit);
        }

        var median = (sample[(sample.Count - 1) / 2] + sample[sample.Count / 2]) / 2;
        var change = median == 0 ? 0 : ((double)bytes / median) - 1;
        var value =
            $"{RunOutput.Bytes(bytes)}, stored {stored}, {Percent(Math.Abs(change))} {(change < 0 ? "less" : "more")} than the median of {sample.Count}";
        return change > -facts.Thresholds.Shrinkage
            ? Ok(Name, value, limit)
            : new(Name, BackupItemStatus.Warn, value, limit, "see which tables or databases were emptied or dropped");
    }

    private static BackupStatusItem ServerRestoreTest(BackupStatusFacts facts, ServerBackupFacts server)
    {
        const string Name = "server_restore_test";
        var limit = Elapsed.Text(facts.Thresholds.RestoreTest);
        var remedy = $"{Command(facts, "BackupVerify")} --engine pgbackrest --verify-level 2";
        var last = server
            .Backups.SelectMany(backup => backup.Verifications)
            .Where(verification => verification.Level is VerificationLevel.Restored)
            .MaxBy(verification => verification.At);
        if (last is null)
        {
            return new(Name, BackupItemStatus.Fail, "there was none", limit, remedy);
        }

        var ago = $"{Elapsed.Text(facts.Now - last.At)} ago: {last.Backup}";
        return !last.Passed ? new(Name, BackupItemStatus.Fail, $"{ago} {last.Problem}", limit, remedy)
            : facts.Now - last.At > facts.Thresholds.RestoreTest ? new(Name, BackupItemStatus.Warn, ago, limit, remedy)
            : Ok(Name, $"{ago} in {RunOutput.Duration(last.Duration)}", limit);
    }

    private static List<BackupStatusItem> Archive(BackupStatusFacts facts, ServerBackupFacts server)
    {
        var settings = server.Differences.Select(difference => new BackupStatusItem(
            $"server_{difference.Name}",
            BackupItemStatus.Fail,
            $"is {(difference.Value is { Length: > 0 } value ? value : "not set")}",
            "",
            $"{difference.Remedy}; then {Command(facts, "BackupSetup")}"
        ));
        if (server.Archive is not { } state)
        {
            return
            [
                .. settings,
                new(
                    "server_archive",
                    BackupItemStatus.Unknown,
                    server.ArchiveProblem ?? "it could not be seen",
                    "",
                    server.ArchiveRemedy ?? Command(facts, "BackupSetup")
                ),
            ];
        }

        // The repository has an item of its own, and what is not set up is told by its settings.
        var findings = ArchiveJudge
            .Judge(state, new())
            .Where(finding =>
                finding.Condition is not ArchiveCondition.Repository
                && !(finding.Condition is ArchiveCondition.Off && server.Differences.Count > 0)
            )
            .Select(finding => new BackupStatusItem(
                $"server_archive_{$"{finding.Condition}".ToLowerInvariant()}",
                BackupItemStatus.Fail,
                finding.Text,
                "",
                finding.Remedy
            ));
        List<BackupStatusItem> all = [.. settings, .. findings];
        return all.Count > 0 ? all : [Ok("server_archive", Archived(state), "")];
    }

    private static string Archived(ArchiveState state) =>
        state.LastArchivedAt is { } at
            ? $"the last segment {Elapsed.Text(state.Now - at)} ago, {state.Waiting} waiting"
            : $"no segment since the statistics began, {state.Waiting} waiting";
}
