using System.Text;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>The migrations that a project has, in the order they are applied in.</summary>
/// <param name="Folder">The folder they are in.</param>
/// <param name="Migrations">The migrations, in ordinal order of their names.</param>
public sealed record MigrationSet(string Folder, IReadOnlyList<Migration> Migrations)
{
    private const string Script = "migration.sql";
    private const string Lock = "migration_lock.toml";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a folder with one folder per migration.</summary>
    /// <exception cref="SlipwayException">Something in it is no migration; all such things at once.</exception>
    public static MigrationSet Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw Refused(folder, ["there is no such folder"]);
        }

        var problems = new List<string>();
        CheckProvider(folder, problems);
        var names = new DirectoryInfo(folder)
            .EnumerateDirectories()
            .Select(found => found.Name)
            .Where(name => name[0] != '.')
            .Order(StringComparer.Ordinal)
            .ToList();
        if (names.Count == 0)
        {
            problems.Add("it holds no migrations");
        }

        foreach (
            var same in names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Skip(1).Any())
        )
        {
            problems.Add(
                $"{string.Join(" and ", same)} differ in upper and lower case only, which many file systems cannot keep apart"
            );
        }

        var migrations = names.Select(name => Read(folder, name, problems)).OfType<Migration>().ToList();
        return problems.Count > 0 ? throw Refused(folder, problems) : new(folder, migrations);
    }

    private static Migration? Read(string folder, string name, List<string> problems)
    {
        var path = Path.Combine(folder, name, Script);
        if (!File.Exists(path))
        {
            problems.Add($"{name} has no {Script}");
            return null;
        }

        if (name.Length > 255)
        {
            problems.Add($"{name[..40]}… has a name of more than 255 characters");
            return null;
        }

        var down = Path.Combine(folder, name, "down.sql");
        return Text(path, name, problems) is { } sql
            ? new()
            {
                Name = name,
                Sql = sql,
                DownSql = File.Exists(down) ? Text(down, name, problems) : null,
            }
            : null;
    }

    private static string? Text(string path, string name, List<string> problems)
    {
        try
        {
            // As bytes, so that a byte order mark stays visible: the server would stumble over it.
            return Utf8.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException exception)
        {
            problems.Add($"{name}/{Path.GetFileName(path)} is not UTF-8 (byte {exception.Index})");
            return null;
        }
    }

    private static void CheckProvider(string folder, List<string> problems)
    {
        var path = Path.Combine(folder, Lock);
        var line = File.Exists(path)
            ? File.ReadLines(path)
                .FirstOrDefault(line => line.TrimStart().StartsWith("provider", StringComparison.Ordinal))
            : null;
        var provider = line?.Split('=', 2)[^1].Split('#')[0].Trim().Trim('"', '\'');
        if (provider is not (null or "postgresql" or "postgres"))
        {
            problems.Add($"{Lock} says that they are written for {provider}, not for postgresql");
        }
    }

    private static SlipwayException Refused(string folder, IReadOnlyList<string> problems) =>
        new(
            $"The migrations in {folder} cannot be used:\n"
                + string.Join('\n', problems.Select(problem => $"  - {problem}")),
            "mend these files, or name another folder in migrations.folder of the environment file",
            ExitCode.Refused
        );
}
