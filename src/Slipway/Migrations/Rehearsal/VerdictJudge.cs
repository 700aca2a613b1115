using System.Globalization;

namespace Slipway.Migrations.Rehearsal;

/// <summary>Tells from what a migration changed whether the release that is live can go on working.</summary>
internal static class VerdictJudge
{
    private static readonly string[] Unreadable = ["function", "view", "materialized view", "trigger"];

    /// <summary>Judges.</summary>
    /// <param name="changes">Definitions that are not as before.</param>
    /// <param name="trace">What was run.</param>
    /// <returns>The verdict, and why; nothing for an expansion.</returns>
    public static (SchemaVerdict Verdict, IReadOnlyList<string> Reasons) Judge(
        IReadOnlyList<SchemaChange> changes,
        MigrationTrace trace
    )
    {
        // What hangs on a new table is new with it, and what hung on a dropped one went with it.
        var made = Names(changes, change => change.Before is null);
        var dropped = Names(changes, change => change.After is null);
        var own = changes
            .Where(change =>
                change.Any.Table is not { } table
                || !(change.Before is null && made.Contains(table))
                    && !(change.After is null && dropped.Contains(table))
            )
            .ToList();
        var contracts = own.Select(Contract).OfType<string>().ToList();
        if (contracts.Count > 0)
        {
            return (SchemaVerdict.Contract, contracts);
        }

        var doubts = own.Where(IsDoubtful).Select(change => $"{change}, which may matter to it or not").ToList();
        if (doubts.Count > 0)
        {
            return (SchemaVerdict.Unknown, doubts);
        }

        var rows = trace
            .Statements.SelectMany(statement => statement.Touched)
            .Where(touch => touch.Inserted + touch.Changed > 0)
            .GroupBy(touch => touch.Table)
            .Select(table => $"{table.Sum(touch => touch.Inserted + touch.Changed)} rows of {table.Key} changed")
            .ToList();
        return (rows.Count > 0 ? SchemaVerdict.Data : SchemaVerdict.Expand, rows);
    }

    private static HashSet<string> Names(IReadOnlyList<SchemaChange> changes, Func<SchemaChange, bool> chosen) =>
        changes.Where(chosen).Where(change => change.Any.Kind is "table").Select(change => change.Any.Name).ToHashSet();

    private static string? Contract(SchemaChange change) =>
        (change.Before, change.After) switch
        {
            ({ Kind: "index" or "check" or "foreign key" or "exclusion" or "trigger" }, null) => null,
            ({ } gone, null) => $"{gone} is gone",
            (null, { Kind: "column" } added) => Required(added),
            (
                null,
                { Kind: "check" or "foreign key" or "unique" or "primary key" or "exclusion" or "unique index" } rule
            ) => $"{rule} may refuse what it writes",
            (null, { Kind: "policy" } policy) => $"{policy} may hide rows from it",
            ({ Kind: "column" } before, { } after) => Column(before, after),
            ({ Kind: "enum" } before, { } after) => Labels(before).Except(Labels(after)).Any()
                ? $"{before} lost values"
                : null,
            ({ Kind: "table" or "policy" or "domain" or "type" or "sequence" }, _) => $"{change}",
            _ => null,
        };

    private static bool IsDoubtful(SchemaChange change) =>
        change switch
        {
            { Before: null, After.Kind: "trigger" } => true,
            { Before: not null, After: { } after } => Unreadable.Contains(after.Kind),
            { Before.Kind: "trigger" } => true,
            _ => false,
        };

    // The fields of a column's definition: type, null or not, identity, generated, default.
    private static string? Required(SchemaObject column) =>
        column.Definition.Split('|', 5) is [_, "not null", "", "", ""]
            ? $"{column} must be given, and it does not know it"
            : null;

    private static string? Column(SchemaObject before, SchemaObject after)
    {
        var (was, now) = (before.Definition.Split('|', 5), after.Definition.Split('|', 5));
        return was[0] != now[0] && !Widens(was[0], now[0]) ? $"{before} was {was[0]} and is {now[0]}"
            : was[1] == "null" && now[1] == "not null" ? $"{before} must not be null any more"
            : now[1] == "not null" && was[4].Length > 0 && now[4].Length == 0 ? $"{before} has no default any more"
            : was[2] != now[2] || was[3] != now[3] ? $"{before} is generated otherwise than before"
            : null;
    }

    private static bool Widens(string before, string after) =>
        Length(before) is { } was
        && (after is "text" or "character varying" || (Length(after) is { } now && now >= was));

    private static int? Length(string type) =>
        type.StartsWith("character varying(", StringComparison.Ordinal)
        && int.TryParse(type["character varying(".Length..^1], CultureInfo.InvariantCulture, out var length)
            ? length
            : null;

    private static string[] Labels(SchemaObject type) => type.Definition.Split(", ");
}
