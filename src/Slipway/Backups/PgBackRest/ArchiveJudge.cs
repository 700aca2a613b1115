using System.Globalization;

namespace Slipway.Backups.PgBackRest;

/// <summary>Judges how archiving does.</summary>
public static class ArchiveJudge
{
    private const double Mebibyte = 1 << 20;

    /// <summary>Everything that is wrong; empty when archiving does well.</summary>
    public static IReadOnlyList<ArchiveFinding> Judge(ArchiveState state, ArchiveThresholds thresholds)
    {
        if (!state.IsOn)
        {
            return
            [
                new(
                    ArchiveCondition.Off,
                    "The server archives nothing: without its write-ahead log a backup cannot be restored to any later point",
                    "set archive_mode and archive_command as BackupSetup says, and restart the server"
                ),
            ];
        }

        ArchiveFinding?[] all =
        [
            Failing(state),
            Stuck(state, thresholds),
            Growing(state, thresholds),
            Gap(state),
            state.RepositoryProblem is { } problem
                ? new(
                    ArchiveCondition.Repository,
                    problem,
                    "mend the repository first; until then no backup is known to be there"
                )
                : null,
            Spool(state, thresholds),
        ];
        return [.. all.OfType<ArchiveFinding>()];
    }

    private static ArchiveFinding? Failing(ArchiveState state)
    {
        // The server retries the same one until it succeeds, so a later success ends a failure.
        var fails = state.LastFailedAt is { } failed && !(state.LastArchivedAt >= failed);
        if (!fails && state.SpoolErrors.Count == 0)
        {
            return null;
        }

        var why = state.SpoolErrors.Count > 0 ? $": {string.Join("; ", state.SpoolErrors)}" : "";
        return new(
            ArchiveCondition.Failing,
            Text(
                $"Archiving {state.LastFailed ?? "write-ahead log"} failed last at {state.LastFailedAt:u}, the last success was at {state.LastArchivedAt:u}{why}"
            ),
            "see the server's log for what archive_command says, and that the repository can be reached and written; never delete files of pg_wal by hand"
        );
    }

    private static ArchiveFinding? Stuck(ArchiveState state, ArchiveThresholds thresholds)
    {
        var wait = state.OldestWaiting is { } oldest ? state.Now - oldest : TimeSpan.Zero;
        return wait <= thresholds.LongestWait && state.Waiting <= thresholds.MostWaiting
            ? null
            : new(
                ArchiveCondition.Stuck,
                Text(
                    $"{state.Waiting} segments wait to be archived, the oldest for {wait:d\\.hh\\:mm\\:ss}; allowed are {thresholds.MostWaiting} and {thresholds.LongestWait:d\\.hh\\:mm\\:ss}"
                ),
                "what was written since then is lost if the server is: see whether archive_command hangs, and whether the repository is fast enough"
            );
    }

    private static ArchiveFinding? Growing(ArchiveState state, ArchiveThresholds thresholds) =>
        state.WalBytes <= state.WalLimit * thresholds.WalFactor
            ? null
            : new(
                ArchiveCondition.Growing,
                Text(
                    $"pg_wal takes {state.WalBytes / Mebibyte:0} MiB, {(double)state.WalBytes / Math.Max(1, state.WalLimit):0.0} times its max_wal_size; {state.Waiting} segments wait"
                ),
                "the server stops when that disk is full: mend archiving first, then look for replication slots that nobody reads (pg_replication_slots)"
            );

    // The server believes archive_command; /bin/true, a lost disk or archive-push-queue-max make it believe wrongly.
    private static ArchiveFinding? Gap(ArchiveState state) =>
        state is { LastArchived: { } archived, NewestInRepository: { } newest }
        && archived.Timeline == newest.Timeline
        && newest < archived
            ? new(
                ArchiveCondition.Gap,
                Text($"The server says it archived {archived}, but the newest in the repository is {newest}"),
                "what is between them cannot be recovered: mend archive_command, then take a full backup at once"
            )
            : null;

    private static ArchiveFinding? Spool(ArchiveState state, ArchiveThresholds thresholds) =>
        state.SpoolBytes <= thresholds.MostSpool
            ? null
            : new(
                ArchiveCondition.Spool,
                Text(
                    $"The spool folder takes {state.SpoolBytes / Mebibyte:0} MiB of {thresholds.MostSpool / Mebibyte:0} allowed"
                ),
                "see whether asynchronous archiving runs; stop it before anything there is removed"
            );

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
