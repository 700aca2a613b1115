using System.Text;
using System.Text.RegularExpressions;
using Slipway.Settings;

namespace Slipway.Migrations.GolangMigrate;

/// <summary>golang-migrate: a file up and a file down for every number, and a table with the one number it is at.</summary>
internal sealed partial class GolangMigrateFormat : MigrationFormat
{
    private const string Usual = "schema_migrations";
    private const uint Salt = 1486364155;

    public override string Name => "golang-migrate";

    public override bool SeesChanges => false;

    public override bool Fits(MigrationFiles files) =>
        files.Scripts.Any(name => Pattern().Match(name).Groups["way"].Value is "up");

    public override IEnumerable<Migration> Read(MigrationFiles files)
    {
        var found = files.Scripts.Select(name => Pattern().Match(name)).Where(match => match.Success).ToList();
        string? previous = null;
        foreach (
            var group in found
                .GroupBy(match => Version(match), StringComparer.Ordinal)
                .OrderBy(group => group.Key.Length)
                .ThenBy(group => group.Key, StringComparer.Ordinal)
        )
        {
            var ups = group.Where(match => match.Groups["way"].Value is "up").ToList();
            if (ups.Count == 0)
            {
                files.Problem($"{group.First().Value} has no .up.sql, so nothing would apply it");
            }

            var down = group.FirstOrDefault(match => match.Groups["way"].Value is "down")?.Value;
            foreach (var up in ups)
            {
                if (files.Text(up.Value) is { } sql)
                {
                    yield return new()
                    {
                        Name = up.Value[..^".up.sql".Length],
                        Version = group.Key,
                        Path = up.Value,
                        Sql = sql,
                        DownSql = down is null ? null : files.Text(down),
                        DownPath = down,
                        Stamp = previous,
                    };
                }
            }

            previous = group.Key;
        }
    }

    public override MigrationHistory History(DatabaseUrl url, MigrationSettings settings) =>
        new GolangMigrateHistory(HistoryTable.Of(url, settings, Usual));

    // https://github.com/golang-migrate/migrate: database/util.go, GenerateAdvisoryLockId
    public override long LockKey(DatabaseUrl url, MigrationSettings settings)
    {
        var table = HistoryTable.Of(url, settings, Usual);
        var sum = Crc32.Of(Encoding.UTF8.GetBytes($"{table.Schema}\0{table.Name}\0{url.Database}"));
        return unchecked(sum * Salt);
    }

    public override int Compare(string one, string other) => NumericPrefix.Compare(one, other);

    private static string Version(Match match) =>
        match.Groups["version"].Value.TrimStart('0') is { Length: > 0 } digits ? digits : "0";

    [GeneratedRegex(
        @"^(?<version>[0-9]{1,20})_(?<name>.*)\.(?<way>down|up)\.sql$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}
