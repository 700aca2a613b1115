using Slipway.Settings;

namespace Slipway.Migrations.Plain;

/// <summary>Files of SQL with a number before their names, a <c>.down.sql</c> beside each that can be undone, and a table of our own.</summary>
internal sealed class PlainFormat : MigrationFormat
{
    private const string Down = ".down.sql";
    private static readonly string[] Ups = [".up.sql", ".sql"];

    public override string Name => "plain";

    public override bool Fits(MigrationFiles files) =>
        files.Scripts.Any(name => NumericPrefix.Of(name).Length > 0 && !Tells(name, files));

    public override IEnumerable<Migration> Read(MigrationFiles files)
    {
        var names = files.Scripts.ToHashSet(StringComparer.Ordinal);
        foreach (var file in files.Scripts.Where(name => !name.EndsWith(Down, StringComparison.Ordinal)))
        {
            if (NumericPrefix.Of(file).Length == 0)
            {
                files.Problem($"{file} does not begin with a number, which gives the order");
                continue;
            }

            var name = file[..^Ups.First(end => file.EndsWith(end, StringComparison.Ordinal)).Length];
            var down = names.Remove(name + Down) ? name + Down : null;
            if (files.Text(file) is { } sql)
            {
                yield return new()
                {
                    Name = name,
                    Path = file,
                    Sql = sql,
                    DownSql = down is null ? null : files.Text(down),
                    DownPath = down,
                };
            }
        }

        foreach (var lonely in names.Where(name => name.EndsWith(Down, StringComparison.Ordinal)))
        {
            files.Problem($"{lonely} undoes nothing: there is no {lonely[..^Down.Length]}.sql");
        }
    }

    public override MigrationHistory History(DatabaseUrl url, MigrationSettings settings) =>
        new PlainHistory(HistoryTable.Of(url, settings, "slipway_migrations"));

    public override long LockKey(DatabaseUrl url, MigrationSettings settings) => OwnKey;

    public override int Compare(string one, string other) => NumericPrefix.Compare(one, other);

    public override bool IsSame(string? recorded, Migration migration) =>
        recorded is not null && Prisma.PrismaChecksum.Matches(recorded, migration.Sql);

    // Files that other formats know by their names or by what is in them.
    private static bool Tells(string name, MigrationFiles files) =>
        name.EndsWith(".up.sql", StringComparison.Ordinal)
        || name.EndsWith(Down, StringComparison.Ordinal)
        || Dbmate.DbmateFile.IsOne(files.Text(name) ?? "")
        || EfCore.EfCoreScript.IsOne(files.Text(name) ?? "");
}
