using System.Globalization;
using Slipway.Runs;

namespace Slipway.Backups.Restoring;

/// <summary>What was written to a database since a backup of it: what a restore would lose.</summary>
public sealed record WritesSince
{
    /// <summary>When the backup was taken.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was counted.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// At most so many transactions wrote on the server since then, in all its databases, rolled-back ones included and the
    /// restore's own left out; null when the server cannot tell.
    /// </summary>
    public long? Transactions { get; init; }

    /// <summary>The tables that were written to.</summary>
    public required IReadOnlyList<TableWrites> Tables { get; init; }

    /// <summary>Entries of the catalogs that are new or changed, such as columns and functions.</summary>
    public long SchemaChanges { get; init; }

    /// <summary>Why it cannot be proven that nothing was written, even if nothing was found; null when it can.</summary>
    public string? WhyNotProvable { get; init; }

    /// <summary>True when it is proven that a restore loses nothing.</summary>
    public bool IsZero => WhyNotProvable is null && Tables.Count == 0 && SchemaChanges == 0;

    /// <summary>Rows that a restore would take away or set back, at most.</summary>
    public long Rows => Tables.Sum(table => table.Written + Math.Max(0, table.Gone - table.UpdatedAtMost));

    /// <summary>What was found, as a table.</summary>
    public override string ToString()
    {
        var span = RunOutput.Duration(At - Since);
        var transactions = Transactions is { } count
            ? $", at most {Number(count)} transactions on the whole server"
            : "";
        var head = IsZero
            ? $"Nothing was written since the backup, {span} ago"
            : $"Written since the backup, {span} ago{transactions}:";
        var rows = Tables
            .Select(table =>
                (IReadOnlyList<string>)
                    [
                        table.Table,
                        Number(table.InsertedAtMost),
                        Number(table.UpdatedAtMost),
                        Number(table.DeletedAtMost),
                    ]
            )
            .ToList();
        var table = rows.Count == 0 ? "" : $"\n{TextTable.Of(["table", "inserted ≤", "updated ≤", "deleted ≤"], rows)}";
        var schema =
            SchemaChanges == 0
                ? ""
                : $"\n  and {Number(SchemaChanges)} entries of the catalogs (tables, columns, functions, …)";
        var doubt = WhyNotProvable is null ? "" : $"\n  more cannot be ruled out: {WhyNotProvable}";
        return $"{head}{table}{schema}{doubt}";
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
