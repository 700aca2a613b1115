using System.Text.RegularExpressions;
using Slipway.Settings;

namespace Slipway.Migrations.Flyway;

/// <summary>Flyway: V files in order of their versions, R files when they change, U files that undo.</summary>
internal sealed partial class FlywayFormat : MigrationFormat
{
    private const string Usual = "flyway_schema_history";

    // The letters "Flyway" as a number: PostgreSQLAdvisoryLockTemplate in Flyway's source.
    private const long Magic = 77431708279161;

    public override string Name => "flyway";

    public override bool AppliesOutOfOrder => false;

    public override bool Fits(MigrationFiles files) => files.Scripts.Any(name => Parse(name)?.Kind is 'V' or 'R');

    public override IEnumerable<Migration> Read(MigrationFiles files)
    {
        var named = files.Scripts.Select(file => (File: file, Name: Parse(file))).Where(one => one.Name is not null);
        var undos = named
            .Where(one => one.Name!.Kind is 'U')
            .ToLookup(one => one.Name!.Key, one => one.File, StringComparer.Ordinal);
        foreach (var (file, name) in named.Where(one => one.Name!.Kind is not 'U'))
        {
            if (name!.Kind is 'B')
            {
                files.Problem(
                    $"{file} is a baseline migration, which only Flyway runs; leave it out of migrations.folder"
                );
            }
            else if (files.Text(file) is { } text)
            {
                var undo = name.Kind is 'V' ? undos[name.Key].FirstOrDefault() : null;
                yield return Of(file, name, text, undo, undo is null ? null : files.Text(undo));
            }
        }
    }

    public override MigrationHistory History(DatabaseUrl url, MigrationSettings settings) =>
        new FlywayHistory(HistoryTable.Of(url, settings, Usual));

    public override long LockKey(DatabaseUrl url, MigrationSettings settings) =>
        Magic + JavaHash(HistoryTable.Of(url, settings, Usual).Quoted);

    public override int Compare(string one, string other)
    {
        var (a, b) = (FlywayName.Parse(one), FlywayName.Parse(other));
        return (a?.Kind is 'R', b?.Kind is 'R') switch
        {
            (false, true) => -1,
            (true, false) => 1,
            (true, true) => string.CompareOrdinal(a!.Description, b!.Description),
            _ when a is not null
                    && b is not null
                    && FlywayName.CompareVersions(a.Version, b.Version) is not 0 and var order => order,
            _ => string.CompareOrdinal(one, other),
        };
    }

    public override bool IsSame(string? recorded, Migration migration) =>
        // What Java code or an old version applied has none.
        recorded is null
        || recorded.Equals(FlywayHistory.Checksum(migration), StringComparison.Ordinal);

    /// <summary>Java's hash of a text.</summary>
    internal static int JavaHash(string text) => text.Aggregate(0, (hash, c) => unchecked((31 * hash) + c));

    private static Migration Of(string file, FlywayName name, string text, string? undo, string? undoText)
    {
        var problems = new List<string>();
        if (Placeholder().Match(text) is { Success: true } placeholder)
        {
            problems.Add(
                $"it holds the placeholder {placeholder.Value}, which Flyway would fill in; write the value itself, or use format command"
            );
        }

        return new()
        {
            Name = file[..^".sql".Length],
            Version = name.Kind is 'R' ? file[..^".sql".Length] : name.Key,
            Path = file,
            // Flyway takes the mark away before it sends a file.
            Sql = text.TrimStart('\uFEFF'),
            DownSql = undoText?.TrimStart('\uFEFF'),
            DownPath = undo,
            IsRepeatable = name.Kind is 'R',
            Problems = problems,
        };
    }

    private static FlywayName? Parse(string file) => FlywayName.Parse(file[..^".sql".Length]);

    [GeneratedRegex(@"\$\{[A-Za-z0-9_:.\-]+\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Placeholder();
}
