using System.Globalization;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>How the files and the history of a database compare.</summary>
/// <param name="Entries">Every migration that either of them knows, in order of the names.</param>
public sealed record MigrationStatus(IReadOnlyList<MigrationEntry> Entries)
{
    /// <summary>Names of the migrations that would be applied now, in order.</summary>
    public IReadOnlyList<string> Pending =>
        Entries.Where(entry => entry.IsPending).Select(entry => entry.Name).ToList();

    /// <summary>What keeps migrations from being applied.</summary>
    public IReadOnlyList<MigrationEntry> Blocking => Entries.Where(entry => entry.Blocks).ToList();

    /// <summary>Name of the newest applied migration; null when there is none.</summary>
    public string? Newest =>
        Entries
            .Where(entry =>
                entry.Condition
                    is MigrationCondition.Applied
                        or MigrationCondition.Changed
                        or MigrationCondition.Missing
            )
            .Select(entry => entry.Name)
            .LastOrDefault();

    /// <summary>Name of the migration that was applied last, whatever its place in the order; null when there is none.</summary>
    public string? LastApplied =>
        Entries.Where(entry => entry.AppliedAt is not null).MaxBy(entry => entry.AppliedAt)?.Name;

    /// <summary>What was applied after a migration; everything when that is null, or the history does not know it.</summary>
    public IReadOnlyList<MigrationEntry> AppliedSince(string? migration)
    {
        var since = Entries.FirstOrDefault(entry => entry.Name == migration)?.AppliedAt;
        return [.. Entries.Where(entry => entry.AppliedAt is { } at && (since is null || at > since))];
    }

    /// <summary>Compares files and history.</summary>
    public static MigrationStatus Of(MigrationSet set, IReadOnlyList<HistoryRow> history)
    {
        var files = set.Migrations.ToDictionary(migration => migration.Name, StringComparer.Ordinal);
        var rows = history.ToLookup(row => row.Name, StringComparer.Ordinal);
        var newest = history
            .Where(row => row is { RolledBackAt: null, FinishedAt: not null })
            .Select(row => row.Name)
            .Max(StringComparer.Ordinal);
        return new(
            files
                .Keys.Union(rows.Select(group => group.Key), StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(name => Entry(name, files.GetValueOrDefault(name), rows[name].ToList(), newest))
                .ToList()
        );
    }

    /// <summary>Refuses to go on while something blocks.</summary>
    /// <exception cref="SlipwayException">Something does; each is named with its remedy.</exception>
    public void RefuseBlocking()
    {
        if (Blocking is { Count: > 0 } blocking)
        {
            throw new SlipwayException(
                "The migrations cannot be deployed:\n"
                    + string.Join('\n', blocking.Select(entry => $"  - {entry.Name}: {entry.Detail} → {entry.Remedy}")),
                "mend each of them, then look again with: ./build.sh MigrateStatus",
                ExitCode.Refused
            );
        }
    }

    private static MigrationEntry Entry(string name, Migration? file, List<HistoryRow> rows, string? newest)
    {
        var standing = rows.Where(row => row.RolledBackAt is null).OrderBy(row => row.StartedAt).ToList();
        if (standing.FirstOrDefault(row => row.FinishedAt is null) is { } failed)
        {
            return Failed(name, failed);
        }

        if (standing.LastOrDefault() is { } applied)
        {
            return Applied(name, file, applied);
        }

        return file is null
            ? new(
                name,
                MigrationCondition.RolledBack,
                $"rolled back {Time(rows[^1].RolledBackAt)}; its file is gone",
                ""
            )
            {
                HasFile = false,
            }
            : Waiting(name, file, rows, newest);
    }

    private static MigrationEntry Waiting(string name, Migration file, List<HistoryRow> rows, string? newest)
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
            return new(
                name,
                MigrationCondition.RolledBack,
                $"rolled back {Time(rolledBack.RolledBackAt)}, to be applied again",
                ""
            );
        }

        return newest is not null && string.CompareOrdinal(name, newest) < 0
            ? new(name, MigrationCondition.OutOfOrder, $"to be applied after {newest}", "")
            : new(name, MigrationCondition.Pending, "", "");
    }

    private static MigrationEntry Applied(string name, Migration? file, HistoryRow row)
    {
        var entry = file is null
            ? new MigrationEntry(
                name,
                MigrationCondition.Missing,
                $"was applied {Time(row.FinishedAt)}, but its file is missing",
                "bring the folder back from version control; is this the right branch and database?"
            )
            : Compared(name, file, row);
        return entry with
        {
            AppliedAt = row.FinishedAt,
            Verdict = file is null ? SchemaVerdict.Unknown : MigrationVerdict.Of(file),
        };
    }

    private static MigrationEntry Compared(string name, Migration file, HistoryRow row) =>
        MigrationChecksum.Matches(row.Checksum, file.Sql)
            ? new(name, MigrationCondition.Applied, Time(row.FinishedAt), "")
            : new(
                name,
                MigrationCondition.Changed,
                $"was changed after it was applied {Time(row.FinishedAt)}",
                "bring the old text back from version control, and write the change as a new migration"
            );

    private static MigrationEntry Failed(string name, HistoryRow row)
    {
        var first = row.Logs?.Split('\n')[0] is { Length: > 0 } log ? $": {log}" : ", or is still running";
        // Written out, because projects without Prisma have no tool for it.
        var undone = $"UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = '{row.Id}'";
        return new(
            name,
            MigrationCondition.Failed,
            $"began {Time(row.StartedAt)} and never finished{first}",
            $"bring the schema back to what it was before, then: {undone}; or npx prisma migrate resolve --rolled-back {name}"
        );
    }

    private static string Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";
}
