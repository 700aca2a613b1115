using Slipway.Migrations.Dbmate;
using Slipway.Migrations.EfCore;
using Slipway.Migrations.Flyway;
using Slipway.Migrations.GolangMigrate;
using Slipway.Migrations.Plain;
using Slipway.Migrations.Prisma;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>The formats that are known.</summary>
internal static class MigrationFormats
{
    /// <summary>All of them; of several that fit, the first one counts more.</summary>
    public static IReadOnlyList<MigrationFormat> All { get; } =
    [
        new PrismaFormat(),
        new DbmateFormat(),
        new GolangMigrateFormat(),
        new FlywayFormat(),
        new EfCoreFormat(),
        new PlainFormat(),
    ];

    /// <summary>The format that the settings name, or else the one that the folder shows.</summary>
    /// <exception cref="SlipwayException">The folder shows none, or several.</exception>
    public static MigrationFormat Of(MigrationSettings settings, MigrationFiles files)
    {
        if (settings.Format is { } name)
        {
            return All.First(format => format.Name.Equals(name, StringComparison.Ordinal));
        }

        List<MigrationFormat> fitting = [.. All.Where(format => format.Fits(files))];
        return fitting switch
        {
            [var one] => one,
            // Nothing in it tells a format: what is wrong with it is told in the words of the usual one.
            [] when files.Scripts.Count == 0 => All[0],
            [] => throw Refused(
                settings,
                $"of no known format, such as {files.Scripts[0]}: {string.Join(", ", All.Select(format => format.Name))} were looked for"
            ),
            _ => throw Refused(
                settings,
                $"of several formats at once: {string.Join(", ", fitting.Select(format => format.Name))}"
            ),
        };
    }

    private static SlipwayException Refused(MigrationSettings settings, string what) =>
        new(
            $"The migrations in {settings.Folder} are {what}",
            "say which it is in migrations.format of the environment file; nothing was touched",
            ExitCode.Refused
        );
}
