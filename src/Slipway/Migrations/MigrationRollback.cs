using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Undoes migrations by their down scripts, the newest first; each with its history row in one transaction.</summary>
/// <param name="output">Gets one line per migration.</param>
internal sealed class MigrationRollback(RunOutput output)
{
    /// <summary>Which migrations would be undone, in that order.</summary>
    /// <param name="set">The files.</param>
    /// <param name="status">What is applied.</param>
    /// <param name="to">The migration that becomes the newest, which stays; null to count.</param>
    /// <param name="steps">How many are undone, the last applied first.</param>
    /// <exception cref="SlipwayException">One of them cannot be undone; says every reason.</exception>
    public static IReadOnlyList<Migration> Choose(MigrationSet set, MigrationStatus status, string? to, int steps)
    {
        if (status.Unknown is not null)
        {
            status.RefuseBlocking();
        }

        var applied = status
            .Entries.Where(entry => entry.Sequence is not null && !IsRepeatable(set, entry.Name))
            .OrderByDescending(entry => entry.Sequence)
            .ToList();
        var chosen = to is null ? [.. applied.Take(steps)] : After(set, applied, to);
        if (chosen.Count == 0 || (to is null && chosen.Count < steps))
        {
            throw new SlipwayException(
                to is null
                    ? $"{steps} migrations cannot be undone: {applied.Count} are applied"
                    : $"There is nothing to undo: {to} is the migration that was applied last",
                "look with: ./build.sh MigrateStatus",
                ExitCode.Refused
            );
        }

        var problems = chosen.SelectMany(entry => Problems(set, entry)).ToList();
        return problems.Count == 0
            ? [.. chosen.Select(entry => set.Named(entry.Name))]
            : throw new SlipwayException(
                $"{chosen.Count} migrations were to be undone, and it is not possible:\n"
                    + string.Join('\n', problems.Select(problem => $"  - {problem}")),
                "nothing was undone; go forward with a new migration, or restore a backup: ./build.sh Restore",
                ExitCode.Refused
            );
    }

    /// <summary>Undoes them while no other migration tool can do anything.</summary>
    /// <param name="url">The database.</param>
    /// <param name="settings">Folder and timeouts.</param>
    /// <param name="chosen">What a person was shown, in order; anything else is refused.</param>
    /// <param name="cancellationToken">Cancels the running statement on the server and takes it back.</param>
    /// <exception cref="MigrationFailedException">A down script failed; says what was undone before.</exception>
    public async Task<IReadOnlyList<AppliedMigration>> RunAsync(
        DatabaseUrl url,
        MigrationSettings settings,
        IReadOnlyList<Migration> chosen,
        CancellationToken cancellationToken
    )
    {
        await using var target = MigrationTarget.ForChange(url, settings);
        await using var held = await target.LockAsync(output, cancellationToken);
        var status = await target.StatusAsync(cancellationToken);
        var now = Choose(target.Set, status, null, chosen.Count);
        if (!now.Select(Identity).SequenceEqual(chosen.Select(Identity)))
        {
            throw new SlipwayException(
                $"What would be undone has changed: it was [{Names(chosen)}], now it is [{Names(now)}], or a file was edited",
                "somebody else migrated in between: nothing was undone; look with: ./build.sh MigrateStatus",
                ExitCode.Refused
            );
        }

        var works = now.Select(migration => new MigrationWork(migration, MigrationDirection.Down)
        {
            IsBegun = status.IsBegun(migration),
        });
        return await new Migrator(output).RunAsync(works, target, held, cancellationToken);
    }

    private static List<MigrationEntry> After(MigrationSet set, List<MigrationEntry> applied, string to)
    {
        var name = set.Named(to).Name;
        var at = applied.FindIndex(entry => entry.Name.Equals(name, StringComparison.Ordinal));
        return at >= 0
            ? applied[..at]
            : throw new SlipwayException(
                $"Migration {name} is not applied, so nothing can be undone down to it",
                "look with: ./build.sh MigrateStatus",
                ExitCode.Refused
            );
    }

    private static IEnumerable<string> Problems(MigrationSet set, MigrationEntry entry)
    {
        var migration = set.Migrations.FirstOrDefault(found => found.Name.Equals(entry.Name, StringComparison.Ordinal));
        if (migration is null)
        {
            yield return $"{entry.Name}: its file is missing";
        }
        else if (entry.Condition is MigrationCondition.Changed)
        {
            yield return $"{entry.Name}: {entry.Detail}, so what undoes it may not fit";
        }
        else if (entry.Condition is MigrationCondition.Failed && !entry.IsGoingBack)
        {
            yield return $"{entry.Name}: {entry.Detail}";
        }
        else if (migration.DownSql is null)
        {
            yield return $"{entry.Name}: nothing undoes it, there is no down script";
        }
        else
        {
            var script = new MigrationWork(migration, MigrationDirection.Down).Script;
            foreach (var problem in script.Problems)
            {
                yield return $"{entry.Name}: {migration.DownPath}: {problem}";
            }

            if (script.Statements.Count == 0)
            {
                yield return $"{entry.Name}: {migration.DownPath} holds no statement, so it would undo nothing";
            }
        }
    }

    private static bool IsRepeatable(MigrationSet set, string name) =>
        set.Migrations.Any(migration =>
            migration.IsRepeatable && migration.Name.Equals(name, StringComparison.Ordinal)
        );

    private static (string Name, string Checksum) Identity(Migration migration) =>
        (migration.Name, StepProgress.ChecksumOf(migration.DownSql ?? ""));

    private static string Names(IEnumerable<Migration> migrations) =>
        string.Join(", ", migrations.Select(migration => migration.Name));
}
