using System.Text;
using Slipway.Migrations;
using Slipway.Settings;

namespace Slipway.Tests.Migrations.Formats;

/// <summary>A folder of migrations in one of the formats, written as that tool's projects have them.</summary>
internal sealed class FormatProject(string format) : IDisposable
{
    private readonly List<(int Number, string Name, string Up, string Down)> _efCore = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory($"slipway-{format}-").FullName;

    public MigrationSettings Settings =>
        new(Folder, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(60));

    /// <summary>What names begin with; null for two digits, and for the number alone where the tool compares numbers.</summary>
    public Func<int, string>? Prefix { get; set; }

    /// <summary>True when the tool keeps down scripts.</summary>
    public bool HasDowns => format is not "efcore";

    /// <summary>True when the history shows an edited file.</summary>
    public bool SeesChanges => format is "prisma" or "flyway" or "plain";

    /// <summary>What the migration is called in the status.</summary>
    public string NameOf(int number, string name) =>
        format switch
        {
            "flyway" => $"V{Prefix?.Invoke(number) ?? $"{number}"}__{name}",
            _ => $"{Prefix?.Invoke(number) ?? $"{number:00}"}_{name}",
        };

    /// <summary>Writes a migration, or writes it anew.</summary>
    public string Add(int number, string name, string up, string down = "SELECT 1;", bool transaction = true)
    {
        var full = Put(number, name, up, down, transaction);
        WriteEfCore();
        return full;
    }

    /// <summary>Writes many.</summary>
    public void Add(IEnumerable<(int Number, string Name, string Up, string Down, bool Transaction)> migrations)
    {
        foreach (var (number, name, up, down, transaction) in migrations)
        {
            Put(number, name, up, down, transaction);
        }

        WriteEfCore();
    }

    private string Put(int number, string name, string up, string down, bool transaction)
    {
        var full = NameOf(number, name);
        switch (format)
        {
            case "prisma":
                Directory.CreateDirectory(Path.Combine(Folder, full));
                Write($"{full}/migration.sql", up);
                Write($"{full}/down.sql", down);
                break;
            case "dbmate":
                var option = transaction ? "" : " transaction:false";
                Write($"{full}.sql", $"-- migrate:up{option}\n{up}\n\n-- migrate:down{option}\n{down}\n");
                break;
            case "golang-migrate":
                Write($"{full}.up.sql", up);
                Write($"{full}.down.sql", down);
                break;
            case "flyway":
                Write($"{full}.sql", up);
                Write($"U{full[1..]}.sql", down);
                break;
            case "plain":
                Write($"{full}.sql", up);
                Write($"{full}.down.sql", down);
                break;
            case "efcore":
                _efCore.RemoveAll(one => one.Number == number);
                _efCore.Add((number, full, up, down));
                break;
        }

        return full;
    }

    /// <summary>Takes the files of a migration away.</summary>
    public void Remove(int number, string name)
    {
        var full = NameOf(number, name);
        _efCore.RemoveAll(one => one.Number == number);
        foreach (var path in Directory.EnumerateFiles(Folder, "*.sql", SearchOption.AllDirectories).ToList())
        {
            if (Path.GetRelativePath(Folder, path).StartsWith(full, StringComparison.Ordinal))
            {
                File.Delete(path);
            }
        }

        if (Directory.Exists(Path.Combine(Folder, full)))
        {
            Directory.Delete(Path.Combine(Folder, full));
        }

        WriteEfCore();
    }

    public MigrationSet Read() => MigrationSet.Read(Settings);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // As `dotnet ef migrations script` writes it.
    private void WriteEfCore()
    {
        if (format is not "efcore")
        {
            return;
        }

        var text = new StringBuilder(
            """
            CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
                "MigrationId" character varying(150) NOT NULL,
                "ProductVersion" character varying(32) NOT NULL,
                CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
            );


            """
        );
        foreach (var (_, name, up, _) in _efCore.OrderBy(one => one.Number))
        {
            text.Append(
                $"START TRANSACTION;\n{up}\nINSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\")\nVALUES ('{name}', '10.0.0');\n\nCOMMIT;\n\n"
            );
        }

        Write("script.sql", text.ToString());
    }

    private void Write(string path, string text) => File.WriteAllText(Path.Combine(Folder, path), text);
}
