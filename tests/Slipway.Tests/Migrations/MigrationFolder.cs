namespace Slipway.Tests.Migrations;

/// <summary>A throw-away folder of migrations.</summary>
internal sealed class MigrationFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("slipway-migrations-").FullName;

    public MigrationFolder(params (string Name, string Sql)[] migrations)
    {
        foreach (var (name, sql) in migrations)
        {
            Add(name, sql);
        }
    }

    public void Add(string name, string sql, string file = "migration.sql")
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
        File.WriteAllText(System.IO.Path.Combine(folder, file), sql);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
