using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>
/// What a migration means for the live release: what its author says in a line <c>-- slipway: expand</c>, <c>contract</c> or
/// <c>data</c> among the comments at the top of the file, and what a rehearsal saw. The worse of both counts, unless the
/// author gives a reason: <c>-- slipway: expand because no release reads this column</c>.
/// </summary>
public static class MigrationVerdict
{
    private const string Mark = "-- slipway:";
    private const string Because = " because ";
    private static readonly string[] Words = ["expand", "contract", "data"];
    private static readonly SchemaVerdict[] Worst =
    [
        SchemaVerdict.Unknown,
        SchemaVerdict.Contract,
        SchemaVerdict.Data,
        SchemaVerdict.Expand,
    ];

    /// <summary>What the author says; unknown when the file says nothing.</summary>
    public static SchemaVerdict Of(Migration migration) => Said(migration.Sql) ?? SchemaVerdict.Unknown;

    /// <summary>What counts once it was rehearsed.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="seen">What the rehearsal saw, and why.</param>
    internal static (SchemaVerdict Verdict, IReadOnlyList<string> Reasons) Of(
        Migration migration,
        (SchemaVerdict Verdict, IReadOnlyList<string> Reasons) seen
    )
    {
        if (Said(migration.Sql) is not { } said || said == seen.Verdict)
        {
            return seen;
        }

        var word = Word(migration.Sql)!;
        var chosen = IsReasoned(migration) ? said : Worst.First(verdict => verdict == said || verdict == seen.Verdict);
        var saw = seen.Verdict.ToString().ToLowerInvariant();
        return (chosen, [$"its author says: {word}; the rehearsal saw: {saw}", .. seen.Reasons]);
    }

    /// <summary>True when the author gives a reason, which then counts whatever was seen.</summary>
    internal static bool IsReasoned(Migration migration) =>
        Said(migration.Sql) is not null && Word(migration.Sql)!.Contains(Because, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is wrong with the line, or null.</summary>
    internal static string? Problem(string sql) =>
        Word(sql) is { } word && Said(sql) is null
            ? $"'{Mark} {word}' names no verdict; {NearestName.Remedy(First(word), Words)}"
            : null;

    private static SchemaVerdict? Said(string sql) =>
        Word(sql) is { } word && (First(word) == word || word.Contains(Because, StringComparison.OrdinalIgnoreCase))
            ? First(word).ToLowerInvariant() switch
            {
                "expand" => SchemaVerdict.Expand,
                "contract" => SchemaVerdict.Contract,
                "data" => SchemaVerdict.Data,
                _ => null,
            }
            : null;

    private static string First(string words) => words.Split(' ')[0];

    private static string? Word(string sql) =>
        sql.Split('\n')
            .Select(line => line.Trim())
            .TakeWhile(line => line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal))
            .Where(line => line.StartsWith(Mark, StringComparison.OrdinalIgnoreCase))
            .Select(line => line[Mark.Length..].Trim())
            .FirstOrDefault();
}
