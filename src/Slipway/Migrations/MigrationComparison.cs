using System.Globalization;

namespace Slipway.Migrations;

/// <summary>Says of each migration what its file and its rows in the history make of it.</summary>
internal sealed class MigrationComparison
{
    private readonly MigrationSet _set;
    private readonly Dictionary<string, Migration> _files;
    private readonly Dictionary<string, List<HistoryRow>> _rows;
    private readonly Dictionary<string, int> _sequence = new(StringComparer.Ordinal);
    private readonly StepProgressRow? _progress;
    private readonly bool _appliesOutOfOrder;
    private readonly string? _newest;

    public MigrationComparison(
        MigrationSet set,
        IReadOnlyList<HistoryRow> history,
        StepProgressRow? progress,
        bool appliesOutOfOrder
    )
    {
        (_set, _progress, _appliesOutOfOrder) = (set, progress, appliesOutOfOrder);
        _files = set.Migrations.ToDictionary(migration => migration.Name, StringComparer.Ordinal);
        _rows = history
            .GroupBy(row => row.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach (var row in history.Where(row => !row.IsRolledBack && !row.IsFailed))
        {
            _sequence[row.Name] = _sequence.Count;
        }

        _newest = _sequence
            .Keys.Where(name => !_files.TryGetValue(name, out var file) || !file.IsRepeatable)
            .Aggregate(
                (string?)null,
                (newest, name) => newest is null || set.Format.Compare(name, newest) > 0 ? name : newest
            );
    }

    /// <summary>What is worth knowing of the whole.</summary>
    public IReadOnlyList<string> Notes =>
        [
            .. _set.Format.SeesChanges || _sequence.Count == 0
                ? (IEnumerable<string>)[]
                :
                [
                    $"{_set.Format.Name} keeps no checksums: whether a file was changed after it was applied cannot be seen",
                ],
            .. _set
                .Migrations.Where(migration => !_sequence.ContainsKey(migration.Name))
                .SelectMany(migration =>
                    MigrationScript.Of(migration).Leaks.Select(leak => $"{migration.Name}: {leak}")
                ),
        ];

    /// <summary>What is to be said of one.</summary>
    public MigrationEntry Entry(string name)
    {
        var file = _files.GetValueOrDefault(name);
        var entry = Compare(name, file, _rows.GetValueOrDefault(name) ?? []);
        return entry with
        {
            HasFile = file is not null,
            Path = file?.Path,
            Checksum = file?.Checksum ?? "",
            Verdict = file is null ? SchemaVerdict.Unknown : MigrationVerdict.Of(file),
            Sequence = _sequence.TryGetValue(name, out var sequence) ? sequence : null,
        };
    }

    private MigrationEntry Compare(string name, Migration? file, List<HistoryRow> rows)
    {
        if (_progress is not null && _progress.Migration.Equals(name, StringComparison.Ordinal))
        {
            return Interrupted(name, file, _progress) with { IsInterrupted = true, IsGoingBack = _progress.IsDown };
        }

        var standing = rows.Where(row => !row.IsRolledBack).ToList();
        if (standing.Find(row => row.IsFailed) is { } failed)
        {
            return Failed(name, failed);
        }

        if (standing.LastOrDefault() is { } applied)
        {
            return Applied(name, file, applied);
        }

        return file is null
            ? new(name, MigrationCondition.RolledBack, $"{RolledBack(rows[^1])}; its file is gone", "")
            : Waiting(name, file, rows);
    }

    private MigrationEntry Waiting(string name, Migration file, List<HistoryRow> rows)
    {
        if (MigrationScript.Of(file).Problems is { Count: > 0 } problems)
        {
            return new(
                name,
                MigrationCondition.Unfit,
                string.Join("; ", problems),
                "mend the file: it was never applied"
            );
        }

        if (rows.LastOrDefault() is { } rolledBack)
        {
            return new(name, MigrationCondition.RolledBack, $"{RolledBack(rolledBack)}, to be applied again", "");
        }

        return _newest is not null && !file.IsRepeatable && _set.Format.Compare(name, _newest) < 0
            ? OutOfOrder(name)
            : new(name, MigrationCondition.Pending, "", "");
    }

    private MigrationEntry OutOfOrder(string name) =>
        _appliesOutOfOrder
            ? new(name, MigrationCondition.OutOfOrder, $"to be applied after {_newest}", "")
            : new(
                name,
                MigrationCondition.OutOfOrder,
                $"is older than {_newest}, which is applied",
                $"give it a version after that, or set migrations.outOfOrder to apply"
            )
            {
                IsRefused = true,
            };

    private MigrationEntry Applied(string name, Migration? file, HistoryRow row)
    {
        if (file is null && !row.NeedsNoFile)
        {
            return new(
                name,
                MigrationCondition.Missing,
                $"was applied{Time(row.FinishedAt)}, but its file is missing",
                "bring it back from version control; is this the right branch and database?"
            )
            {
                AppliedAt = row.FinishedAt,
            };
        }

        return file is null || _set.Format.IsSame(row.Checksum, file)
            ? new(name, MigrationCondition.Applied, Time(row.FinishedAt).TrimStart(), "") { AppliedAt = row.FinishedAt }
            : Changed(name, file, row) with
            {
                AppliedAt = row.FinishedAt,
            };
    }

    private static MigrationEntry Changed(string name, Migration file, HistoryRow row)
    {
        if (file.IsRepeatable)
        {
            return MigrationScript.Of(file).Problems is { Count: > 0 } problems
                ? new(name, MigrationCondition.Unfit, string.Join("; ", problems), "mend the file")
                : new(name, MigrationCondition.Pending, "changed, to be applied again", "");
        }

        return new(
            name,
            MigrationCondition.Changed,
            $"was changed after it was applied{Time(row.FinishedAt)}",
            "bring the old text back from version control, and write the change as a new migration"
        );
    }

    private static MigrationEntry Failed(string name, HistoryRow row)
    {
        var first = row.Logs?.Split('\n')[0] is { Length: > 0 } log ? $": {log}" : ", or is still running";
        return new(
            name,
            MigrationCondition.Failed,
            $"began{Time(row.StartedAt)} and never finished{first}",
            "bring the schema back to what it was before, then: "
                + $"./build.sh Resolve --rolled-back {name} --reason \"…\"; or complete it by hand, then --applied {name}"
        );
    }

    private static MigrationEntry Interrupted(string name, Migration? file, StepProgressRow progress)
    {
        var work = file is null
            ? null
            : new MigrationWork(file, progress.IsDown ? MigrationDirection.Down : MigrationDirection.Up);
        var what = progress.IsDown ? "being undone" : "being applied";
        if (work is null || !progress.Is(work))
        {
            return new(
                name,
                MigrationCondition.Failed,
                $"was {what}{Time(progress.StartedAt)}, stopped after statement {progress.Done}, and its file is {(file is null ? "gone" : "another one now")}",
                "bring the old text back from version control to go on with it; or complete or undo it by hand, then: "
                    + $"./build.sh Resolve --applied {name} --reason \"…\" (or --rolled-back)"
            );
        }

        var detail =
            $"was {what}{Time(progress.StartedAt)}, {progress.Done} of {work.Script.Statements.Count} statements are done"
            + (progress.Error is null ? "" : $"; then: {progress.Error}");
        return progress.IsDown
            ? new(name, MigrationCondition.Failed, detail, "go on with it: ./build.sh MigrateRollback --steps 1")
            : new(name, MigrationCondition.Interrupted, $"{detail}; to be gone on with", "");
    }

    private static string RolledBack(HistoryRow row) => $"rolled back{Time(row.RolledBackAt)}";

    private static string Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString(" yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";
}
