using System.Globalization;

namespace Slipway.Backups.Restoring;

/// <summary>Compares a restored database with what its backup must hold.</summary>
internal static class ContentComparison
{
    private const string Nothing = "missing";

    /// <summary>Compares.</summary>
    /// <param name="backup">What the manifest says.</param>
    /// <param name="restored">What the restored database says of itself.</param>
    /// <param name="isWithoutRoles">True when policies were left out, because their roles are missing.</param>
    public static IReadOnlyList<ContentDifference> Compare(
        DatabaseContent backup,
        DatabaseContent restored,
        bool isWithoutRoles
    ) =>
        [
            .. Tables(backup, restored),
            .. Sequences(backup, restored),
            .. Extensions(backup, restored),
            .. Objects(backup, restored).Where(found => !isWithoutRoles || found.What is not "policy"),
            .. backup.LargeObjects == restored.LargeObjects
                ? Array.Empty<ContentDifference>()
                : [new("large objects", Number(backup.LargeObjects), Number(restored.LargeObjects))],
        ];

    private static IEnumerable<ContentDifference> Tables(DatabaseContent backup, DatabaseContent restored)
    {
        var there = restored.Tables.ToDictionary(table => table.Table, StringComparer.Ordinal);
        foreach (var table in backup.Tables)
        {
            if (!there.Remove(table.Table, out var copy))
            {
                yield return new($"table {table.Table}", $"{Number(table.Rows)} rows", Nothing);
            }
            else if (copy.Rows != table.Rows)
            {
                yield return new($"rows of {table.Table}", Number(table.Rows), Number(copy.Rows));
            }
            else if (table.Hash is not null && copy.Hash != table.Hash)
            {
                yield return new($"values in {table.Table}", $"sum {table.Hash}", $"sum {copy.Hash ?? "unknown"}");
            }
        }

        foreach (var table in there.Values)
        {
            yield return new($"table {table.Table}", Nothing, $"{Number(table.Rows)} rows");
        }
    }

    // The manifest's value was not read at the very moment of the dump's, so only whether it was used at all must agree.
    private static IEnumerable<ContentDifference> Sequences(DatabaseContent backup, DatabaseContent restored)
    {
        var there = restored.Sequences.ToDictionary(sequence => sequence.Sequence, StringComparer.Ordinal);
        foreach (var sequence in backup.Sequences)
        {
            if (!there.TryGetValue(sequence.Sequence, out var copy))
            {
                yield return new($"sequence {sequence.Sequence}", "there", Nothing);
            }
            else if (sequence.Last is { } last && copy.Last is null)
            {
                yield return new($"sequence {sequence.Sequence}", $"at {Number(last)}", "never used");
            }
        }
    }

    // Another version is what the server has, and was warned of.
    private static IEnumerable<ContentDifference> Extensions(DatabaseContent backup, DatabaseContent restored) =>
        backup
            .Extensions.Where(extension => restored.Extensions.All(copy => copy.Name != extension.Name))
            .Select(extension => new ContentDifference($"extension {extension.Name}", extension.Version, Nothing));

    private static IEnumerable<ContentDifference> Objects(DatabaseContent backup, DatabaseContent restored) =>
        from kind in backup.Objects.Keys.Union(restored.Objects.Keys).Order(StringComparer.Ordinal)
        let before = backup.Objects.GetValueOrDefault(kind)
        let after = restored.Objects.GetValueOrDefault(kind)
        where before != after
        select new ContentDifference(kind, Number(before), Number(after));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
