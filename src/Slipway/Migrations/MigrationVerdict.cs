using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>
/// Reads what a migration's author says about it: a line <c>-- slipway: expand</c>, <c>contract</c> or <c>data</c> among
/// the comments at the top of the file. It is a claim: nothing proves it yet.
/// </summary>
public static class MigrationVerdict
{
    private const string Mark = "-- slipway:";
    private static readonly string[] Words = ["expand", "contract", "data"];

    /// <summary>What the author says; unknown when the file says nothing.</summary>
    public static SchemaVerdict Of(Migration migration) =>
        Word(migration.Sql)?.ToLowerInvariant() switch
        {
            "expand" => SchemaVerdict.Expand,
            "contract" => SchemaVerdict.Contract,
            "data" => SchemaVerdict.Data,
            _ => SchemaVerdict.Unknown,
        };

    /// <summary>The worst of several: unknown, contract, data, then expand; expand when there are none.</summary>
    public static SchemaVerdict Of(IEnumerable<Migration> migrations)
    {
        SchemaVerdict[] worst = [SchemaVerdict.Unknown, SchemaVerdict.Contract, SchemaVerdict.Data];
        var found = migrations.Select(Of).ToHashSet();
        return worst.Where(found.Contains).DefaultIfEmpty(SchemaVerdict.Expand).First();
    }

    /// <summary>What is wrong with the line, or null.</summary>
    internal static string? Problem(string sql) =>
        Word(sql) is { } word && !Words.Contains(word, StringComparer.OrdinalIgnoreCase)
            ? $"'{Mark} {word}' names no verdict; {NearestName.Remedy(word, Words)}"
            : null;

    private static string? Word(string sql) =>
        sql.Split('\n')
            .Select(line => line.Trim())
            .TakeWhile(line => line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal))
            .Where(line => line.StartsWith(Mark, StringComparison.OrdinalIgnoreCase))
            .Select(line => line[Mark.Length..].Trim())
            .FirstOrDefault();
}
