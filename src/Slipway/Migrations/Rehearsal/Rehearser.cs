using Slipway.Backups;
using Slipway.Backups.Restoring;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations.Rehearsal;

/// <summary>Tries pending migrations on a restored backup: up, down, compare, up again.</summary>
/// <param name="verifier">Restores the backup, and proves it by that.</param>
/// <param name="settings">What is allowed.</param>
/// <param name="output">Gets a line for each step.</param>
internal sealed class Rehearser(RestoreVerifier verifier, RehearsalSettings settings, RunOutput output)
{
    /// <summary>Rehearses; the copies are gone afterwards, whatever happens.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="database">The database that it is of.</param>
    /// <param name="migrations">Timeouts, and where the history is.</param>
    /// <param name="set">The files.</param>
    /// <param name="planned">What of them is applied and what is planned.</param>
    /// <param name="trial">Is given the migrated copy before it is dropped.</param>
    /// <param name="cancellationToken">Stops, and drops the copies.</param>
    /// <exception cref="RehearsalFailedException">A migration does not run on this data.</exception>
    /// <exception cref="SlipwayException">Files or backup are not those of the plan.</exception>
    public async Task<RehearsalReport> RunAsync(
        BackupManifest manifest,
        DatabaseSettings database,
        MigrationSettings migrations,
        MigrationSet set,
        MigrationStatus planned,
        Func<DatabaseUrl, CancellationToken, Task> trial,
        CancellationToken cancellationToken
    )
    {
        var clock = output.Time.GetTimestamp();
        var chosen = set.Of(planned.Planned);
        var done = new List<RehearsedMigration>();
        var server = (database.Shadow ?? database.Url) with
        {
            Database = database.Url.Database,
            Schema = database.Url.Schema,
        };
        var verification = await verifier.UseAsync(
            manifest,
            server,
            "rehearsal",
            async (copy, token) =>
            {
                await using var copies = await RehearsalCopies.OpenAsync(copy, token);
                await copies.ProveForeignAsync(database.Url, token);
                await using var target = MigrationTarget.ForCopy(copy, migrations, set);
                await CatchUpAsync(target, planned, manifest.Id, token);
                await TryAllAsync(copies, target, chosen, done, token);
                await trial(copy, token);
            },
            cancellationToken
        );
        return new(manifest.Id, done, verification.Duration, output.Time.GetElapsedTime(clock))
        {
            UncheckedIndexes = verification.UncheckedIndexes,
        };
    }

    // What the database got after it was backed up comes before what is tried, and is not tried.
    private async Task CatchUpAsync(
        MigrationTarget target,
        MigrationStatus planned,
        string backup,
        CancellationToken cancellationToken
    )
    {
        var pending = (await target.StatusAsync(cancellationToken)).Pending;
        var ahead = planned.Pending.Except(pending, StringComparer.Ordinal).ToList();
        if (ahead.Count > 0)
        {
            throw new SlipwayException(
                $"Backup {backup} has {string.Join(", ", ahead)} applied already, so it is not of the database as it is",
                "nothing was touched; take another backup and deploy again",
                ExitCode.Refused
            );
        }

        await using (var connection = await target.Sessions.OpenAsync(cancellationToken))
        {
            await target.History.CreateAsync(connection, cancellationToken);
        }

        foreach (var name in pending.Except(planned.Pending, StringComparer.Ordinal))
        {
            if (!planned.IsApplied(name))
            {
                throw new SlipwayException(
                    $"The plan has changed: {name} is pending now, and was not when the plan was made",
                    "nothing was touched; deploy again for a new plan",
                    ExitCode.Refused
                );
            }

            output.Line($"  applying {name}, which came after the backup");
            var work = new MigrationWork(target.Set.Named(name), MigrationDirection.Up);
            await new Migrator(output).RunOneAsync(work, target, cancellationToken);
        }
    }

    private async Task TryAllAsync(
        RehearsalCopies copies,
        MigrationTarget target,
        IReadOnlyList<Migration> migrations,
        List<RehearsedMigration> done,
        CancellationToken cancellationToken
    )
    {
        var tracer = new MigrationTracer(target, output);
        foreach (var migration in migrations)
        {
            output.Line($"  trying {migration.Name}");
            if (migration.DownSql is not null)
            {
                await copies.KeepAsync(cancellationToken);
            }

            var before = await SnapshotAsync(copies.Copy, cancellationToken);
            var up = new MigrationWork(migration, MigrationDirection.Up);
            var trace = await tracer.RunAsync(up, cancellationToken);
            var changes = before.To(await SnapshotAsync(copies.Copy, cancellationToken));
            var undo = migration.DownSql is null
                ? UndoReport.None
                : await UndoAsync(copies, tracer, migration, before, trace, cancellationToken);
            var (verdict, reasons) = MigrationVerdict.Of(migration, VerdictJudge.Judge(changes, trace));
            done.Add(
                new(
                    migration.Name,
                    migration.Path,
                    verdict,
                    reasons,
                    trace,
                    new TraceJudge(settings.Budget).Judge(trace),
                    undo
                )
                {
                    IsReasoned = MigrationVerdict.IsReasoned(migration),
                }
            );
        }

        await tracer.RemoveAsync(cancellationToken);
    }

    private static async Task<UndoReport> UndoAsync(
        RehearsalCopies copies,
        MigrationTracer tracer,
        Migration migration,
        SchemaSnapshot before,
        MigrationTrace up,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<string> differences;
        try
        {
            var down = await tracer.RunAsync(new(migration, MigrationDirection.Down), cancellationToken);
            differences =
            [
                .. before.To(await SnapshotAsync(copies.Copy, cancellationToken)).Select(change => $"{change}"),
                .. await CompareAsync(copies, [.. up.Tables.Union(down.Tables)], cancellationToken),
            ];
            await tracer.RunAsync(new(migration, MigrationDirection.Up), cancellationToken);
            return new(differences.Count == 0 ? UndoOutcome.Lossless : UndoOutcome.Lossy, differences);
        }
        catch (RehearsalFailedException exception)
        {
            // What a script leaves that does not run in a transaction is not known.
            await copies.GoBackAsync(cancellationToken);
            tracer.Forget();
            await tracer.RunAsync(new(migration, MigrationDirection.Up), cancellationToken);
            var when = exception.Direction is MigrationDirection.Up ? "applied again after it was undone: " : "";
            return new(UndoOutcome.Fails, [$"{when}{exception.Place}"]);
        }
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(
        RehearsalCopies copies,
        IReadOnlyList<string> tables,
        CancellationToken cancellationToken
    )
    {
        await using var old = PostgresSource.Create(copies.Before, "rehearsal");
        await using var now = PostgresSource.Create(copies.Copy, "rehearsal");
        await using var before = await old.OpenConnectionAsync(cancellationToken);
        await using var after = await now.OpenConnectionAsync(cancellationToken);
        return await ContentComparer.CompareAsync(before, after, tables, cancellationToken);
    }

    private static async Task<SchemaSnapshot> SnapshotAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        await using var source = PostgresSource.Create(url, "rehearsal");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await SchemaSnapshot.ReadAsync(connection, cancellationToken);
    }
}
