using System.Text;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Reads the files of a folder of migrations, and collects what is wrong with them.</summary>
/// <param name="folder">The folder.</param>
internal sealed class MigrationFiles(string folder)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);

    /// <summary>True when the folder is there.</summary>
    public bool Exists => Directory.Exists(folder);

    /// <summary>Names of the folders in it that are not hidden, in ordinal order.</summary>
    public IReadOnlyList<string> Folders =>
        field ??= Exists ? Visible(new DirectoryInfo(folder).EnumerateDirectories()) : [];

    /// <summary>Names of the SQL files in it that are not hidden, in ordinal order.</summary>
    public IReadOnlyList<string> Scripts =>
        field ??= Exists ? Visible(new DirectoryInfo(folder).EnumerateFiles("*.sql")) : [];

    /// <summary>Adds what is wrong.</summary>
    public void Problem(string problem) => _problems.Add(problem);

    /// <summary>True when a file is there.</summary>
    public bool Has(string path) => File.Exists(Path.Combine(folder, path));

    /// <summary>The text of a file, byte order mark included; null with a problem when it is no UTF-8. It is read once.</summary>
    public string? Text(string path)
    {
        if (!_texts.TryGetValue(path, out var text))
        {
            _texts.Add(path, text = Read(path));
        }

        return text;
    }

    /// <summary>Finds names that are too long, or that not every file system can keep apart.</summary>
    public void CheckNames(IReadOnlyList<Migration> migrations)
    {
        foreach (var migration in migrations.Where(migration => migration.Name.Length > 255))
        {
            Problem($"{migration.Name[..40]}… has a name of more than 255 characters");
        }

        foreach (var same in migrations.GroupBy(migration => migration.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (same.Skip(1).Any())
            {
                var names = string.Join(" and ", same.Select(migration => migration.Name));
                Problem($"{names} differ in upper and lower case only, which many file systems cannot keep apart");
            }
        }

        foreach (var same in migrations.GroupBy(migration => migration.Version, StringComparer.Ordinal))
        {
            if (same.Skip(1).Any())
            {
                var paths = string.Join(" and ", same.Select(migration => migration.Path));
                Problem($"{paths} have the same version {same.Key}, and the history has one row for it");
            }
        }
    }

    /// <summary>Refuses to go on when something is wrong.</summary>
    /// <exception cref="SlipwayException">Something is; everything at once.</exception>
    public void Refuse()
    {
        if (!Exists)
        {
            _problems.Clear();
            Problem("there is no such folder");
        }

        if (_problems.Count > 0)
        {
            throw new SlipwayException(
                $"The migrations in {folder} cannot be used:\n"
                    + string.Join('\n', _problems.Select(problem => $"  - {problem}")),
                "mend these files, or name another folder in migrations.folder of the environment file",
                ExitCode.Refused
            );
        }
    }

    private string? Read(string path)
    {
        try
        {
            // As bytes, so that a byte order mark stays visible: the server would stumble over it.
            return Utf8.GetString(File.ReadAllBytes(Path.Combine(folder, path)));
        }
        catch (DecoderFallbackException exception)
        {
            Problem($"{path} is not UTF-8 (byte {exception.Index})");
            return null;
        }
    }

    private static IReadOnlyList<string> Visible(IEnumerable<FileSystemInfo> found) =>
        [.. found.Select(item => item.Name).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
}
