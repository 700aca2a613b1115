using Slipway.Settings;

namespace Slipway.Migrations.Prisma;

/// <summary>Prisma 2 to 7: a folder for every migration, and its table <c>_prisma_migrations</c>.</summary>
internal sealed class PrismaFormat : MigrationFormat
{
    private const string Script = "migration.sql";
    private const string Down = "down.sql";
    private const string Lock = "migration_lock.toml";

    public override string Name => "prisma";

    public override bool Fits(MigrationFiles files) =>
        files.Has(Lock) || files.Folders.Any(name => files.Has($"{name}/{Script}"));

    public override IEnumerable<Migration> Read(MigrationFiles files)
    {
        CheckProvider(files);
        return files.Folders.Select(name => Read(files, name)).OfType<Migration>();
    }

    public override MigrationHistory History(DatabaseUrl url, MigrationSettings settings) =>
        new PrismaHistory(HistoryTable.Of(url, settings, "_prisma_migrations"));

    public override long LockKey(DatabaseUrl url, MigrationSettings settings) => 72707369;

    public override bool IsSame(string? recorded, Migration migration) =>
        recorded is not null && PrismaChecksum.Matches(recorded, migration.Sql);

    private static Migration? Read(MigrationFiles files, string name)
    {
        if (!files.Has($"{name}/{Script}"))
        {
            files.Problem($"{name} has no {Script}");
            return null;
        }

        var hasDown = files.Has($"{name}/{Down}");
        return files.Text($"{name}/{Script}") is { } sql
            ? new()
            {
                Name = name,
                Path = $"{name}/{Script}",
                Sql = sql,
                DownSql = hasDown ? files.Text($"{name}/{Down}") : null,
                DownPath = hasDown ? $"{name}/{Down}" : null,
            }
            : null;
    }

    private static void CheckProvider(MigrationFiles files)
    {
        var line = files.Has(Lock)
            ? files
                .Text(Lock)
                ?.Split('\n')
                .FirstOrDefault(line => line.TrimStart().StartsWith("provider", StringComparison.Ordinal))
            : null;
        var provider = line?.Split('=', 2)[^1].Split('#')[0].Trim().Trim('"', '\'');
        if (provider is not (null or "postgresql" or "postgres"))
        {
            files.Problem($"{Lock} says that they are written for {provider}, not for postgresql");
        }
    }
}
