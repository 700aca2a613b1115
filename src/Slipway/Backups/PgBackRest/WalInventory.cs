using System.Text.Json;

namespace Slipway.Backups.PgBackRest;

/// <summary>
/// Looks for write-ahead log that is missing from a repository. <c>verify</c> of 2.45 says ok when a segment is gone that a
/// backup needs.
/// </summary>
internal static class WalInventory
{
    /// <summary>Adds to a report what is missing.</summary>
    /// <param name="report">What verify found.</param>
    /// <param name="info">The backups.</param>
    /// <param name="names">Paths below the stanza's archive.</param>
    /// <param name="bytes">Size of a segment.</param>
    public static VerifyReport Judge(VerifyReport report, PgBackRestInfo info, IEnumerable<string> names, int bytes)
    {
        var archives = names
            .Select(name => name.Split('/'))
            .Where(parts => parts.Length == 3 && IsSegment(parts[2]))
            .Select(parts => (Archive: parts[0], Segment: WalSegment.Parse(parts[2])!.Value))
            .ToLookup(found => found.Archive, found => found.Segment, StringComparer.Ordinal);
        var problems = report.Problems.ToList();
        var gaps = new List<string>();
        foreach (var backup in info.Backups)
        {
            var there = archives[backup.ArchiveId].ToHashSet();
            problems.AddRange(
                Range(backup.FirstWal, backup.LastWal, bytes)
                    .Where(segment => !there.Contains(segment))
                    .Select(segment => $"backup {backup.Label} needs {segment}, which is not in the repository")
            );
        }

        foreach (var archive in archives)
        {
            problems.AddRange(
                archive
                    .GroupBy(segment => segment)
                    .Where(same => same.Count() > 1)
                    .Select(same => $"{same.Key} is {same.Count()} times in {archive.Key} with different contents")
            );
            var newest = info.Backups.LastOrDefault(backup => backup.ArchiveId == archive.Key);
            foreach (var (from, to) in Gaps(archive, bytes))
            {
                var text = $"write-ahead log between {from} and {to} is missing in {archive.Key}";
                (newest is not null && to > newest.FirstWal ? problems : gaps).Add(text);
            }
        }

        return report with
        {
            Problems = problems,
            Gaps = gaps,
        };
    }

    /// <summary>The paths in the JSON of <c>repo-ls</c>.</summary>
    /// <exception cref="JsonException">It is not understood.</exception>
    public static IReadOnlyList<string> Names(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind is JsonValueKind.Object
            ? [.. document.RootElement.EnumerateObject().Select(entry => entry.Name)]
            : throw new JsonException("not an object");
    }

    // A file of a segment has its checksum in the name; others are notes about backups and timelines.
    private static bool IsSegment(string name) =>
        WalSegment.Parse(name) is not null && name.Length > 24 && name[24] == '-';

    private static IEnumerable<(WalSegment From, WalSegment To)> Gaps(IEnumerable<WalSegment> segments, int bytes)
    {
        var sorted = segments.Distinct().Order().ToList();
        return sorted
            .Zip(sorted.Skip(1))
            .Where(pair => pair.First.Timeline == pair.Second.Timeline && pair.First.Next(bytes) != pair.Second)
            .Select(pair => (pair.First, pair.Second));
    }

    private static IEnumerable<WalSegment> Range(WalSegment first, WalSegment last, int bytes)
    {
        for (var segment = first; segment <= last; segment = segment.Next(bytes))
        {
            yield return segment;
        }
    }
}
