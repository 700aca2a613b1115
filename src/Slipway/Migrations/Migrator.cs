using Npgsql;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Looks at and applies the migrations of any database.</summary>
/// <param name="output">Gets one line per migration, and the progress of long ones.</param>
internal sealed class Migrator(RunOutput output)
{
    /// <summary>Is told of every statement; null when nobody watches.</summary>
    public StatementHook? Hook { get; init; }

    /// <summary>Compares the files with the database's history; changes nothing.</summary>
    /// <exception cref="SlipwayException">The files cannot be used, or the database cannot be reached.</exception>
    public static async Task<MigrationStatus> StatusAsync(
        DatabaseUrl url,
        MigrationSettings settings,
        CancellationToken cancellationToken
    )
    {
        await using var target = MigrationTarget.ForStatus(url, settings);
        return await target.StatusAsync(cancellationToken);
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
        await using var target = MigrationTarget.ForChange(url, settings);
        await using var held = await target.LockAsync(output, cancellationToken);
        var status = await target.StatusAsync(cancellationToken);
        status.RefuseBlocking();
        RefuseOtherPlan(planned, status.Pending);
        var pending = target.Set.Of(planned);
        if (pending.Count == 0)
        {
            return new([], MigrationState.NothingPending);
        }

        await target.CreateHistoryAsync(cancellationToken);
        var works = pending.Select(migration => new MigrationWork(migration, MigrationDirection.Up)
        {
            IsBegun = status.IsBegun(migration),
        });
        return new(await RunAsync(works, target, held, cancellationToken), MigrationState.AllApplied);
    }

    /// <summary>Runs migrations one after the other while the lock is held.</summary>
    /// <exception cref="MigrationFailedException">One failed; says what was done before.</exception>
    internal async Task<IReadOnlyList<AppliedMigration>> RunAsync(
        IEnumerable<MigrationWork> works,
        MigrationTarget target,
        MigrationLock held,
        CancellationToken cancellationToken
    )
    {
        var done = new List<AppliedMigration>();
        foreach (var work in works)
        {
            var isUp = work.Direction is MigrationDirection.Up;
            var started = output.Time.GetTimestamp();
            output.Line($"  {(isUp ? "applying" : "undoing")} {work.Name}");
            try
            {
                await RunOneAsync(work, target, held, done, cancellationToken);
            }
            catch (Exception exception)
                when (exception is NpgsqlException or OperationCanceledException
                    || (exception is SlipwayException and not MigrationFailedException && done.Count > 0)
                )
            {
                // This run did nothing of it, but those before it are done, and whoever decides what to do must know.
                var state = work.IsBegun ? MigrationState.HalfApplied : MigrationState.FailedCleanly;
                throw MigrationError.Of(work, null, exception, state, done);
            }

            done.Add(new(work.Name, output.Time.GetElapsedTime(started)));
            output.Line($"  {(isUp ? "applied" : "undone")} {work.Name} in {RunOutput.Duration(done[^1].Duration)}");
        }

        return done;
    }

    /// <summary>Runs one migration and writes its history; says nothing while it is quick.</summary>
    /// <exception cref="MigrationFailedException">It failed.</exception>
    internal async Task RunOneAsync(MigrationWork work, MigrationTarget target, CancellationToken cancellationToken)
    {
        await using var held = await target.LockAsync(output, cancellationToken);
        await RunOneAsync(work, target, held, [], cancellationToken);
    }

    private async Task RunOneAsync(
        MigrationWork work,
        MigrationTarget target,
        MigrationLock held,
        IReadOnlyList<AppliedMigration> before,
        CancellationToken cancellationToken
    )
    {
        if (work.Script.IsTransactional)
        {
            var atomic = new AtomicMigration(target.Sessions, target.History, held, Hook, output);
            await atomic.RunAsync(work, before, cancellationToken);
            return;
        }

        await held.EnsureHeldAsync(cancellationToken);
        var stepwise = new StepwiseMigration(target, held, Hook, output);
        await stepwise.RunAsync(work, before, cancellationToken);
    }

    private static void RefuseOtherPlan(IReadOnlyList<PlannedMigration> planned, IReadOnlyList<string> pending)
    {
        var names = planned.Select(migration => migration.Name).ToList();
        if (!names.SequenceEqual(pending, StringComparer.Ordinal))
        {
            throw new SlipwayException(
                $"The plan has changed: pending were [{string.Join(", ", names)}], now they are [{string.Join(", ", pending)}]",
                "somebody else migrated in between, or the files changed: nothing was applied; deploy again for a new plan",
                ExitCode.Refused
            );
        }
    }
}
