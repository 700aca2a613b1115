using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Proves backups by restoring them to a scratch database, which is dropped again.</summary>
/// <param name="restorer">Restores.</param>
/// <param name="catalog">Keeps what was found.</param>
public sealed class RestoreVerifier(DatabaseRestorer restorer, BackupCatalog catalog)
{
    private readonly RunOutput _output = restorer.Output;

    /// <summary>Restores a backup, compares it with its manifest, checks its indexes, and writes down what was found.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="server">
    /// The server, and the database whose name the scratch database gets with <c>_verify_</c> behind it; that database itself is
    /// not touched.
    /// </param>
    /// <param name="cancellationToken">Stops, and drops the scratch database.</param>
    /// <exception cref="SlipwayException">The backup cannot be restored, or is not what was written.</exception>
    public Task<BackupVerification> VerifyAsync(
        BackupManifest manifest,
        DatabaseUrl server,
        CancellationToken cancellationToken
    ) => UseAsync(manifest, server, "verify", (_, _) => Task.CompletedTask, cancellationToken);

    /// <summary>The same, and lets the scratch database be worked on before it is dropped.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="server">As for a verification.</param>
    /// <param name="label">What stands in the scratch database's name for what it is used for.</param>
    /// <param name="use">Works on it; it was compared with the manifest before.</param>
    /// <param name="cancellationToken">Stops, and drops the scratch database.</param>
    public async Task<BackupVerification> UseAsync(
        BackupManifest manifest,
        DatabaseUrl server,
        string label,
        Func<DatabaseUrl, CancellationToken, Task> use,
        CancellationToken cancellationToken
    )
    {
        var clock = _output.Time.GetTimestamp();
        await using var session = await ServerSession.OpenAsync(server, cancellationToken);
        await new Leftovers(session, _output).DropAsync(Sql.Beside(server.Database, $"_{label}_"), cancellationToken);
        var scratch = server with { Database = ScratchName(server.Database, label, manifest.Id) };
        if (!await session.TryLockAsync(scratch.Database, cancellationToken))
        {
            throw new SlipwayException(
                $"Backup {manifest.Id} is being worked on by somebody else: he uses {scratch.Database}",
                $"wait until he is done, then see: ./build.sh Backups --env {manifest.Environment}",
                ExitCode.Refused
            );
        }

        try
        {
            var restored = await restorer.RestoreAsync(manifest, scratch, null, cancellationToken);
            try
            {
                var comment = $"{NewDatabase.Unfinished}{label} of backup {manifest.Id}";
                await new NewDatabase(session, scratch.Database).CommentAsync(comment, cancellationToken);
                var verification = await CompareAsync(manifest, restored, cancellationToken);
                await use(scratch, cancellationToken);
                return verification;
            }
            finally
            {
                await DropAsync(scratch);
            }
        }
        catch (RestoreFailedException exception) when (exception.IsFaultOfBackup)
        {
            await RecordAsync(manifest, exception.Message, _output.Time.GetElapsedTime(clock), null, cancellationToken);
            throw;
        }
    }

    // Short, because the server cuts off long names, and a second copy's name is longer still.
    private static string ScratchName(string database, string label, string backup) =>
        Sql.Beside(
            database,
            $"_{label}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(backup)))[..8]}"
        );

    private async Task<BackupVerification> CompareAsync(
        BackupManifest manifest,
        RestoredDatabase restored,
        CancellationToken cancellationToken
    )
    {
        var (found, uncheckedIndexes) = await LookAsync(manifest, restored, cancellationToken);
        var verification = await RecordAsync(manifest, found, restored.Duration, uncheckedIndexes, cancellationToken);
        return found is null ? verification : throw Different(manifest, found);
    }

    private async Task<(string? Problem, string? UncheckedIndexes)> LookAsync(
        BackupManifest manifest,
        RestoredDatabase restored,
        CancellationToken cancellationToken
    )
    {
        var differences = await RestoredContent.CompareAsync(manifest, restored, cancellationToken);
        var (indexes, skipped) = await IndexCheck.RunAsync(restored.Url, cancellationToken);
        if (restored.MissingRoles.Count > 0)
        {
            _output.Line(
                $"  Owners, grants and policies were not restored: the server has no role {string.Join(", ", restored.MissingRoles)}"
            );
        }

        IReadOnlyList<ContentDifference> all = [.. differences, .. indexes];
        return (all.Count == 0 ? null : ContentDifference.Table(all), skipped);
    }

    private static RestoreFailedException Different(BackupManifest manifest, string table) =>
        new(
            $"Backup {manifest.Id} was restored, and is not what it must be:\n{table}",
            $"do not rely on it; take another one: ./build.sh Backup --env {manifest.Environment}",
            // What was found is written down already.
            isFaultOfBackup: false
        );

    private async Task<BackupVerification> RecordAsync(
        BackupManifest manifest,
        string? problem,
        TimeSpan duration,
        string? uncheckedIndexes,
        CancellationToken cancellationToken
    )
    {
        var verification = new BackupVerification(
            manifest.Id,
            VerificationLevel.Restored,
            problem,
            _output.Time.GetUtcNow(),
            duration
        )
        {
            UncheckedIndexes = uncheckedIndexes,
        };
        await catalog.AddAsync(verification, cancellationToken);
        return verification;
    }

    // In its own time: the run may be cancelled.
    private async Task DropAsync(DatabaseUrl scratch)
    {
        using var limit = new CancellationTokenSource(restorer.Options.CleanupLimit, _output.Time);
        try
        {
            await using var session = await ServerSession.OpenAsync(scratch, limit.Token);
            await new NewDatabase(session, scratch.Database).DropAsync(limit.Token);
        }
        catch (Exception exception)
            when (exception is NpgsqlException or SlipwayException or OperationCanceledException)
        {
            _output.Warn(
                $"scratch database {scratch.Database} is left over: {RestoreFailure.Reason(exception)}; the next verification drops it"
            );
        }
    }
}
