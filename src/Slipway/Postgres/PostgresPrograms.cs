using Slipway.Settings;

namespace Slipway.Postgres;

/// <summary>Finds PostgreSQL's programs: on PATH, and where the distributions put them.</summary>
public static class PostgresPrograms
{
    private static readonly string[] Roots =
    [
        "/usr/lib/postgresql",
        "/usr/pgsql",
        "/opt/homebrew/opt",
        "/usr/local/opt",
    ];

    /// <summary>Folders with server programs, newest major first.</summary>
    public static IReadOnlyList<string> Folders() =>
        Roots
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Select(folder => (Folder: Path.Combine(folder, "bin"), Major: Major(folder)))
            .Where(found => found.Major > 0 && Directory.Exists(found.Folder))
            .OrderByDescending(found => found.Major)
            .Select(found => found.Folder)
            .ToList();

    /// <summary>The folder of the newest installed server of at least this major version; null when there is none.</summary>
    public static string? ServerFolder(int oldestMajor) =>
        Folders()
            .FirstOrDefault(folder =>
                Major(Path.GetDirectoryName(folder)!) >= oldestMajor && File.Exists(Path.Combine(folder, "initdb"))
            );

    /// <summary>The path of a program, the newest installed one first, then that on PATH.</summary>
    /// <exception cref="SlipwayException">It is not installed.</exception>
    public static string Find(string program) =>
        TryFind(program)
        ?? throw new SlipwayException(
            $"{program} is not installed",
            "install PostgreSQL's client programs, on Debian: apt-get install postgresql-client",
            ExitCode.Refused
        );

    /// <summary>The path of a program, or null when it is not installed.</summary>
    public static string? TryFind(string program) =>
        Folders()
            .Concat(SearchPath.Folders())
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static int Major(string folder)
    {
        var digits = Path.GetFileName(folder).Split('@', '-')[^1];
        return int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var major) ? major : 0;
    }
}
