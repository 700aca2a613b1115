using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>The migrations that a project has, in the order they are applied in.</summary>
/// <param name="Format">How they are kept.</param>
/// <param name="Folder">The folder they are in.</param>
/// <param name="Migrations">The migrations, in the format's order.</param>
internal sealed record MigrationSet(MigrationFormat Format, string Folder, IReadOnlyList<Migration> Migrations)
{
    private readonly Dictionary<string, Migration> _versions = Migrations
        .DistinctBy(migration => migration.Version)
        .ToDictionary(migration => migration.Version, StringComparer.Ordinal);

    /// <summary>Reads the folder that the settings name, in the format that they name or that the folder shows.</summary>
    /// <exception cref="SlipwayException">Something in it is no migration; all such things at once.</exception>
    public static MigrationSet Read(MigrationSettings settings)
    {
        var files = new MigrationFiles(settings.Folder);
        var format = MigrationFormats.Of(settings, files);
        var migrations = format.Read(files).Order(new FormatOrder(format)).ToList();
        if (migrations.Count == 0)
        {
            files.Problem("it holds no migrations");
        }

        files.CheckNames(migrations);
        files.Refuse();
        return new(format, settings.Folder, migrations);
    }

    /// <summary>The migration that the history calls by a version; null when there is no file.</summary>
    public Migration? Find(string version) => _versions.GetValueOrDefault(version);

    /// <summary>Those that a status says are pending, in order.</summary>
    public IReadOnlyList<Migration> Pending(MigrationStatus status)
    {
        var names = status.Pending.ToHashSet(StringComparer.Ordinal);
        return [.. Migrations.Where(migration => names.Contains(migration.Name))];
    }

    /// <summary>The migrations of a plan, in its order.</summary>
    /// <exception cref="SlipwayException">One of them is gone, or its text is not the one that was planned.</exception>
    public IReadOnlyList<Migration> Of(IReadOnlyList<PlannedMigration> planned)
    {
        var migrations = planned.Select(migration => Named(migration.Name)).ToList();
        var edited = migrations.Zip(planned).FirstOrDefault(pair => pair.First.Checksum != pair.Second.Checksum).First;
        return edited is null
            ? migrations
            : throw new SlipwayException(
                $"The plan has changed: {edited.Path} was edited after the plan was approved",
                "nothing was applied; deploy again for a new plan with the file as it is now",
                ExitCode.Refused
            );
    }

    /// <summary>The migration of a name, of its version, or of a name that begins so and is the only one.</summary>
    /// <exception cref="SlipwayException">There is none, or there are several.</exception>
    public Migration Named(string name)
    {
        List<Migration> found =
        [
            .. Migrations.Where(migration =>
                migration.Name.Equals(name, StringComparison.Ordinal)
                || migration.Version.Equals(name, StringComparison.Ordinal)
            ),
        ];
        if (found.Count == 0)
        {
            found = [.. Migrations.Where(migration => migration.Name.StartsWith(name, StringComparison.Ordinal))];
        }

        return found is [var one]
            ? one
            : throw new SlipwayException(
                found.Count == 0
                    ? $"There is no migration {name} among the {Migrations.Count} in {Folder}"
                    : $"{found.Count} migrations in {Folder} begin with {name}: {string.Join(", ", found.Select(migration => migration.Name))}",
                NearestName.Remedy(name, [.. Migrations.Select(migration => migration.Name)]),
                ExitCode.BadInput
            );
    }

    private sealed class FormatOrder(MigrationFormat format) : IComparer<Migration>
    {
        public int Compare(Migration? x, Migration? y) => format.Compare(x!, y!);
    }
}
