using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>How the files and the history of a database compare.</summary>
/// <param name="Entries">Every migration that either of them knows, in the order they are applied in.</param>
internal sealed record MigrationStatus(IReadOnlyList<MigrationEntry> Entries)
{
    /// <summary>Name of the format that they are in.</summary>
    public string Format { get; init; } = "prisma";

    /// <summary>The folder of the files.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Why it is not known what is applied; null when it is known.</summary>
    public string? Unknown { get; init; }

    /// <summary>The rows of the history as they are now.</summary>
    public IReadOnlyList<string> History { get; init; } = [];

    /// <summary>What does not keep anything from being applied, and is worth knowing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Names of the migrations that would be applied now, in order.</summary>
    public IReadOnlyList<string> Pending =>
        Entries.Where(entry => entry.IsPending).Select(entry => entry.Name).ToList();

    /// <summary>The same as a plan has them.</summary>
    public IReadOnlyList<PlannedMigration> Planned =>
        [
            .. Entries
                .Where(entry => entry.IsPending)
                .Select(entry => new PlannedMigration(
                    entry.Name,
                    entry.Checksum,
                    entry.Verdict.ToString().ToLowerInvariant()
                )),
        ];

    /// <summary>What keeps migrations from being applied.</summary>
    public IReadOnlyList<MigrationEntry> Blocking => Entries.Where(entry => entry.Blocks).ToList();

    /// <summary>Name of the newest applied migration; null when there is none.</summary>
    public string? Newest =>
        Entries.Where(entry => entry.Sequence is not null).Select(entry => entry.Name).LastOrDefault();

    /// <summary>Name of the migration that was applied last, whatever its place in the order; null when there is none.</summary>
    public string? LastApplied =>
        Entries.Where(entry => entry.Sequence is not null).MaxBy(entry => entry.Sequence)?.Name;

    /// <summary>True when a run ended in the middle of a migration.</summary>
    public bool IsBegun(Migration migration) =>
        Entries.Any(entry => entry.IsInterrupted && entry.Name.Equals(migration.Name, StringComparison.Ordinal));

    /// <summary>What a run that only looks ends with: the worst of what there is.</summary>
    public ExitCode ExitCode =>
        Unknown is not null
            ? ExitCode.MigrationsUnknown
            : Entries.Select(entry => CodeOf(entry)).DefaultIfEmpty(ExitCode.Done).Max();

    /// <summary>True when the database has a migration.</summary>
    public bool IsApplied(string migration) =>
        Entries.Any(entry => entry.Name == migration && entry.Sequence is not null);

    /// <summary>What was applied after a migration; everything when that is null, or the history does not know it.</summary>
    public IReadOnlyList<MigrationEntry> AppliedSince(string? migration)
    {
        var since = Entries.FirstOrDefault(entry => entry.Name == migration)?.Sequence;
        return [.. Entries.Where(entry => entry.Sequence is { } at && (since is null || at > since))];
    }

    /// <summary>Compares files and history.</summary>
    /// <param name="set">The files.</param>
    /// <param name="history">The history, in the order it was applied in.</param>
    /// <param name="progress">What a run left in the middle; null when nothing was.</param>
    /// <param name="appliesOutOfOrder">True when one that is older than the newest applied is applied.</param>
    public static MigrationStatus Of(
        MigrationSet set,
        IReadOnlyList<HistoryRow> history,
        StepProgressRow? progress,
        bool appliesOutOfOrder
    )
    {
        var comparison = new MigrationComparison(set, history, progress, appliesOutOfOrder);
        var names = set
            .Migrations.Select(migration => migration.Name)
            .Union(history.Select(row => row.Name), StringComparer.Ordinal)
            .Union(progress is null ? [] : [progress.Migration], StringComparer.Ordinal)
            .ToList();
        names.Sort(set.Format.Compare);
        return new(names.ConvertAll(comparison.Entry))
        {
            Format = set.Format.Name,
            Folder = set.Folder,
            Notes = comparison.Notes,
            History = [.. history.Select(row => $"{row}")],
        };
    }

    /// <summary>Refuses to go on while something blocks.</summary>
    /// <param name="code">What the run ends with then.</param>
    /// <exception cref="SlipwayException">Something does; each is named with its remedy.</exception>
    public void RefuseBlocking(ExitCode code = ExitCode.Refused)
    {
        if (Unknown is not null)
        {
            throw new SlipwayException(
                Unknown,
                "say which migrations the schema contains: ./build.sh Baseline --to NAME --reason \"…\"",
                code
            );
        }

        if (Blocking is { Count: > 0 } blocking)
        {
            throw new SlipwayException(
                "The migrations cannot be deployed:\n"
                    + string.Join('\n', blocking.Select(entry => $"  - {entry.Name}: {entry.Detail} → {entry.Remedy}")),
                "mend each of them, then look again with: ./build.sh MigrateStatus",
                code
            );
        }
    }

    /// <summary>Refuses to go on when what a plan was made of is not so any more.</summary>
    /// <param name="planned">The status when it was made.</param>
    /// <exception cref="SlipwayException">Files or history have changed.</exception>
    public void RefuseOtherThan(MigrationStatus planned)
    {
        if (!History.SequenceEqual(planned.History, StringComparer.Ordinal))
        {
            throw new SlipwayException(
                "The migration history is not that of the plan: "
                    + $"{History.Except(planned.History).Count()} rows are new or other than then, {planned.History.Except(History).Count()} are gone",
                "somebody else migrated in between: nothing was applied; look with: ./build.sh MigrateStatus, then deploy again for a new plan",
                ExitCode.Refused
            );
        }

        var (now, then) = (Files(this), Files(planned));
        if (!now.SequenceEqual(then))
        {
            var names = now.Except(then).Union(then.Except(now)).Select(migration => migration.Name).Distinct();
            throw new SlipwayException(
                $"The migrations are not those of the plan: {string.Join(", ", names)} changed since then",
                "nothing was applied; deploy again for a new plan with the files as they are now",
                ExitCode.Refused
            );
        }

        static List<(string Name, string Checksum)> Files(MigrationStatus status) =>
            [.. status.Planned.Select(migration => (migration.Name, migration.Checksum))];
    }

    private static ExitCode CodeOf(MigrationEntry entry) =>
        entry.Condition switch
        {
            MigrationCondition.Pending => ExitCode.MigrationsPending,
            MigrationCondition.OutOfOrder => ExitCode.MigrationsOutOfOrder,
            MigrationCondition.RolledBack when entry.HasFile => ExitCode.MigrationsRolledBack,
            MigrationCondition.Interrupted => ExitCode.MigrationsInterrupted,
            MigrationCondition.Unfit => ExitCode.MigrationsUnfit,
            MigrationCondition.Missing => ExitCode.MigrationsMissing,
            MigrationCondition.Changed => ExitCode.MigrationsChanged,
            MigrationCondition.Failed => ExitCode.MigrationsFailed,
            _ => ExitCode.Done,
        };
}
