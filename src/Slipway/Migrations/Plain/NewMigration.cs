using System.Globalization;
using System.Text;
using Slipway.Settings;

namespace Slipway.Migrations.Plain;

/// <summary>Makes the two files of a new migration of the plain format.</summary>
internal static class NewMigration
{
    private const string Up = """
        -- What the release that is live meanwhile makes of it: expand (it keeps working), data (values are rewritten), contract (it does not).
        -- slipway: contract


        """;

    /// <summary>Makes them.</summary>
    /// <param name="settings">The folder, and the format when it is set.</param>
    /// <param name="name">What it does, in a few words.</param>
    /// <param name="time">Gives it its number.</param>
    /// <returns>The paths of both.</returns>
    /// <exception cref="SlipwayException">The project's migrations are another tool's.</exception>
    public static IReadOnlyList<string> Create(MigrationSettings settings, string name, TimeProvider time)
    {
        var words = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            throw new SlipwayException(
                $"'{name}' is no name of a migration",
                "say what it does in letters and digits: ./build.sh MigrationNew --name add_notes",
                ExitCode.BadInput
            );
        }

        RefuseOthers(settings);
        var number = time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var path = Path.Combine(settings.Folder, $"{number}_{string.Join('_', words)}");
        Directory.CreateDirectory(settings.Folder);
        Write($"{path}.sql", Up);
        Write($"{path}.down.sql", "");
        return [$"{path}.sql", $"{path}.down.sql"];
    }

    private static void Write(string path, string text)
    {
        using var file = new FileStream(path, FileMode.CreateNew);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void RefuseOthers(MigrationSettings settings)
    {
        var files = new MigrationFiles(settings.Folder);
        if (settings.Format is null && files.Folders.Count == 0 && files.Scripts.Count == 0)
        {
            return;
        }

        var format = settings.Format ?? MigrationFormats.Of(settings, files).Name;
        if (format is not "plain")
        {
            throw new SlipwayException(
                $"The migrations in {settings.Folder} are {format}'s, which makes new ones itself",
                format switch
                {
                    "prisma" => "npx prisma migrate dev --create-only --name NAME",
                    "dbmate" => "dbmate new NAME",
                    "golang-migrate" => "migrate create -ext sql -dir FOLDER -seq NAME",
                    "efcore" => "dotnet ef migrations add NAME",
                    _ => "add a file by hand, named as the others are",
                },
                ExitCode.Refused
            );
        }
    }
}
