using Slipway.Processes;
using Slipway.Runs;

namespace Slipway.Backups.PgBackRest;

/// <summary>The backups of an environment's server: takes, lists, verifies and expires them.</summary>
/// <param name="engine">Works on the repository.</param>
/// <param name="scratch">How copies are run.</param>
/// <param name="proofs">Keeps what verifications found.</param>
/// <param name="processes">Starts programs.</param>
/// <param name="output">Gets the progress.</param>
public sealed class ServerBackups(
    PgBackRestEngine engine,
    ScratchSettings scratch,
    ProofBook proofs,
    IProcessRunner processes,
    RunOutput output
)
{
    /// <summary>Works on the repository.</summary>
    public PgBackRestEngine Engine => engine;

    /// <summary>How copies are run.</summary>
    public ScratchSettings Scratch => scratch;

    /// <summary>Every backup in the repository, the oldest first.</summary>
    /// <exception cref="PgBackRestException">The repository cannot be read.</exception>
    public async Task<IReadOnlyList<ServerBackup>> ListAsync(CancellationToken cancellationToken)
    {
        var info = await engine.InfoAsync(cancellationToken);
        return With(info, await proofs.ReadAsync(cancellationToken));
    }

    /// <summary>The backups with what is known of each.</summary>
    public static IReadOnlyList<ServerBackup> With(PgBackRestInfo info, ILookup<string, BackupVerification> proofs) =>
        [.. info.Backups.Select(backup => new ServerBackup(backup, [.. proofs[backup.Label]]))];

    /// <summary>What verifications found.</summary>
    public Task<ILookup<string, BackupVerification>> ProofsAsync(CancellationToken cancellationToken) =>
        proofs.ReadAsync(cancellationToken);

    /// <summary>Takes a backup; the first one is full whatever was asked for.</summary>
    /// <exception cref="PgBackRestException">It failed; older backups are as they were.</exception>
    public async Task<PgBackRestBackup> BackupAsync(BackupType type, CancellationToken cancellationToken)
    {
        using var wait = output.Wait("pgBackRest copies the server", engine.Settings.LongTimeout);
        return await engine.BackupAsync(type, null, cancellationToken);
    }

    /// <summary>Reads every byte of the repository, and writes down for each backup what was found.</summary>
    /// <exception cref="PgBackRestException">It could not be read.</exception>
    public async Task<VerifyReport> VerifyAsync(CancellationToken cancellationToken)
    {
        var clock = output.Time.GetTimestamp();
        using var wait = output.Wait("pgBackRest reads the repository", engine.Settings.LongTimeout);
        var report = await engine.VerifyAsync(cancellationToken);
        var labels = (await engine.InfoAsync(cancellationToken)).Backups.Select(backup => backup.Label);
        foreach (var label in labels)
        {
            var isRight = report.Backups.Contains(label, StringComparer.Ordinal);
            var problem =
                isRight ? null
                : report.Problems.Count > 0 ? string.Join("; ", report.Problems)
                : "it was not read to its end";
            await RecordAsync(label, VerificationLevel.ReadBack, problem, clock, cancellationToken);
        }

        return report;
    }

    /// <summary>Restores a copy, starts it, reads every row, looks for damage, and writes down what was found.</summary>
    /// <param name="label">The backup; null for the newest, with all write-ahead log behind it.</param>
    /// <param name="cancellationToken">Gives up; nothing of the copy is left.</param>
    public async Task<ProofRecord> ProveAsync(string? label, CancellationToken cancellationToken)
    {
        var target = label is null ? RestoreTarget.Latest : RestoreTarget.Consistent;
        // Whether there is one, and the repository can be read, is no fault of a backup.
        var info = await engine.InfoAsync(cancellationToken);
        var backup = BackupChoice.For(engine.Settings, info, target, label);
        var clock = output.Time.GetTimestamp();
        using var wait = output.Wait("a restored copy of the server is read", scratch.ProofTimeout);
        try
        {
            var proof = new BackupProof(engine.Settings, scratch, processes, output.Time);
            var record = await proof.ProveAsync(target, backup.Label, null, cancellationToken);
            await RecordAsync(
                new(backup.Label, VerificationLevel.Restored, null, output.Time.GetUtcNow(), record.TimeToRecover),
                cancellationToken
            );
            return record;
        }
        catch (Exception exception)
            when (exception is ScratchException or PgBackRestException { ExitCode: Slipway.Settings.ExitCode.Failed })
        {
            var problem = exception.Message.Split('\n')[0];
            await RecordAsync(backup.Label, VerificationLevel.Restored, problem, clock, cancellationToken);
            throw;
        }
    }

    /// <summary>What of the repository goes beyond what is kept; nothing is removed.</summary>
    public async Task<ExpiryPlan> PlanExpiryAsync(CancellationToken cancellationToken)
    {
        var backups = await ListAsync(cancellationToken);
        // Without a full backup there is nothing that could go, and pgBackRest takes that for an error.
        return ExpiryPlan.Of(
            backups,
            backups.Count == 0 ? [] : await engine.ExpireAsync(isDryRun: true, cancellationToken)
        );
    }

    /// <summary>Carries out a plan, and forgets what was known of the backups that are gone.</summary>
    /// <returns>Labels of the backups that were removed.</returns>
    public async Task<IReadOnlyList<string>> ExpireAsync(CancellationToken cancellationToken)
    {
        var removed = await engine.ExpireAsync(isDryRun: false, cancellationToken);
        await proofs.ForgetAsync(removed, cancellationToken);
        return removed;
    }

    private Task RecordAsync(
        string label,
        VerificationLevel level,
        string? problem,
        long clock,
        CancellationToken cancellationToken
    ) =>
        RecordAsync(
            new(label, level, problem, output.Time.GetUtcNow(), output.Time.GetElapsedTime(clock)),
            cancellationToken
        );

    private Task RecordAsync(BackupVerification verification, CancellationToken cancellationToken) =>
        proofs.AddAsync(verification, cancellationToken);
}
