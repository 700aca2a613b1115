using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Looks at and applies the migrations of a database.</summary>
/// <param name="output">Gets one line per migration.</param>
public sealed class Migrator(RunOutput output)
{
    /// <summary>Compares the files with the database's history; changes nothing.</summary>
    /// <exception cref="SlipwayException">The files cannot be used, or the database cannot be reached.</exception>
    public static async Task<MigrationStatus> StatusAsync(
        DatabaseUrl url,
        MigrationSettings settings,
        CancellationToken cancellationToken
    )
    {
        var set = MigrationSet.Read(settings.Folder);
        await using var source = PostgresSource.Create(url, "migrate status");
        return await StatusAsync(set, new(source, url, settings), new(url.Schema), cancellationToken);
    }

    /// <summary>Applies the pending migrations, one at a time, while no other migration tool can.</summary>
    /// <param name="url">The database.</param>
    /// <param name="settings">Folder and timeouts.</param>
    /// <param name="planned">The migrations that were planned; anything else pending, or with other content, is refused.</param>
    /// <param name="cancellationToken">Cancels the running statement on the server and rolls it back.</param>
    /// <exception cref="MigrationFailedException">A migration failed; says what state the schema is in.</exception>
    /// <exception cref="SlipwayException">Nothing was begun.</exception>
    public async Task<MigrationOutcome> DeployAsync(
        DatabaseUrl url,
        MigrationSettings settings,
        IReadOnlyList<PlannedMigration> planned,
        CancellationToken cancellationToken
    )
    {
        var set = MigrationSet.Read(settings.Folder);
        RefusePgBouncer(url);
        await using var source = PostgresSource.Create(url, "migrate");
        var (sessions, history) = (new MigrationSession(source, url, settings), new MigrationHistory(url.Schema));
        await using var held = await MigrationLock.AcquireAsync(
            await sessions.OpenPlainAsync(cancellationToken),
            settings.QueueTimeout,
            output,
            cancellationToken
        );
        var status = await StatusAsync(set, sessions, history, cancellationToken);
        status.RefuseBlocking();
        if (status.Pending.Count == 0)
        {
            return new([], MigrationState.NothingPending);
        }

        var pending = set
            .Migrations.Where(migration => status.Pending.Contains(migration.Name, StringComparer.Ordinal))
            .ToList();
        RefuseOtherPlan(planned, pending);
        await using (var connection = await sessions.OpenAsync(cancellationToken))
        {
            await history.EnsureAsync(connection, cancellationToken);
        }

        return await ApplyAsync(pending, sessions, history, settings, held, cancellationToken);
    }

    private async Task<MigrationOutcome> ApplyAsync(
        IEnumerable<Migration> pending,
        MigrationSession sessions,
        MigrationHistory history,
        MigrationSettings settings,
        MigrationLock held,
        CancellationToken cancellationToken
    )
    {
        var applied = new List<AppliedMigration>();
        foreach (var migration in pending)
        {
            var started = output.Time.GetTimestamp();
            output.Line($"  applying {migration.Name}");
            try
            {
                await held.EnsureHeldAsync(cancellationToken);
                await ApplyAsync(migration, sessions, history, settings, applied, cancellationToken);
            }
            catch (Exception exception)
                when (exception is NpgsqlException or OperationCanceledException
                    || (exception is SlipwayException and not MigrationFailedException && applied.Count > 0)
                )
            {
                // It was not begun, but those before it are done, and whoever decides what to do must know.
                throw MigrationError.Of(migration, null, exception, MigrationState.FailedCleanly, applied);
            }

            applied.Add(new(migration.Name, output.Time.GetElapsedTime(started)));
            output.Line($"  applied {migration.Name} in {RunOutput.Duration(applied[^1].Duration)}");
        }

        return new(applied, MigrationState.AllApplied);
    }

    private Task ApplyAsync(
        Migration migration,
        MigrationSession sessions,
        MigrationHistory history,
        MigrationSettings settings,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        var script = MigrationScript.Of(migration);
        return script.IsTransactional
            ? new AtomicMigration(sessions, history, output).ApplyAsync(migration, script, before, cancellationToken)
            : new StepwiseMigration(sessions, history, settings, output).ApplyAsync(
                migration,
                script,
                before,
                cancellationToken
            );
    }

    private static async Task<MigrationStatus> StatusAsync(
        MigrationSet set,
        MigrationSession sessions,
        MigrationHistory history,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await sessions.OpenPlainAsync(cancellationToken);
        return MigrationStatus.Of(set, await history.ReadAsync(connection, cancellationToken));
    }

    private static void RefusePgBouncer(DatabaseUrl url)
    {
        if (url.PgBouncer)
        {
            throw new SlipwayException(
                $"{url} is the address of a PgBouncer, which gives every transaction another session: no lock would hold",
                "give the deploy the address of the server itself in DATABASE_URL",
                ExitCode.Refused
            );
        }
    }

    private static void RefuseOtherPlan(IReadOnlyList<PlannedMigration> planned, IReadOnlyList<Migration> pending)
    {
        var names = pending.Select(migration => migration.Name).ToList();
        if (!planned.Select(migration => migration.Name).SequenceEqual(names, StringComparer.Ordinal))
        {
            throw new SlipwayException(
                $"The plan has changed: pending were [{string.Join(", ", planned.Select(migration => migration.Name))}], now they are [{string.Join(", ", names)}]",
                "somebody else migrated in between, or the files changed: nothing was applied; deploy again for a new plan",
                ExitCode.Refused
            );
        }

        var edited = pending.Zip(planned).FirstOrDefault(pair => pair.First.Checksum != pair.Second.Checksum).First;
        if (edited is not null)
        {
            throw new SlipwayException(
                $"The plan has changed: {edited.Name}/migration.sql was edited after the plan was approved",
                "nothing was applied; deploy again for a new plan with the file as it is now",
                ExitCode.Refused
            );
        }
    }
}
