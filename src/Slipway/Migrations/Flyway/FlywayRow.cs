using System.Globalization;
using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Flyway;

/// <summary>One row of Flyway's table.</summary>
/// <param name="Version">The version; null for what is repeatable.</param>
/// <param name="Description">The description.</param>
/// <param name="Type">SQL, JDBC, BASELINE, SCHEMA, UNDO_SQL, DELETE and their like.</param>
/// <param name="Script">The file.</param>
/// <param name="Checksum">Its sum; null when there is none.</param>
/// <param name="InstalledOn">When.</param>
/// <param name="Success">False when it failed.</param>
internal sealed record FlywayRow(
    string? Version,
    string Description,
    string Type,
    string Script,
    string? Checksum,
    DateTimeOffset InstalledOn,
    bool Success
)
{
    /// <summary>Reads a row.</summary>
    public static FlywayRow Read(NpgsqlDataReader reader) =>
        new(
            Query.Text(reader, 0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            Query.Nullable<int>(reader, 4)?.ToString(CultureInfo.InvariantCulture),
            reader.GetFieldValue<DateTimeOffset>(5),
            reader.GetBoolean(6)
        );

    /// <summary>What all rows together say of each migration: the newest row of a version counts.</summary>
    public static IReadOnlyList<HistoryRow> Tell(IReadOnlyList<FlywayRow> rows, MigrationSet set)
    {
        var told = new List<HistoryRow>();
        foreach (var row in rows.Where(row => row.Type is not "SCHEMA"))
        {
            var name = row.Name(set);
            told.RemoveAll(other => other.Name.Equals(name, StringComparison.Ordinal));
            if (row.Type is not "DELETE")
            {
                told.Add(row.Told(name));
            }

            if (row.Type is "BASELINE" or "SQL_BASELINE")
            {
                told.AddRange(
                    set.Migrations.Where(migration =>
                            !migration.IsRepeatable
                            && !migration.Name.Equals(name, StringComparison.Ordinal)
                            && FlywayName.CompareVersions(migration.Version, row.Version!) <= 0
                        )
                        .Select(migration => row.Told(migration.Name) with { Checksum = null })
                );
            }
        }

        return told;
    }

    private HistoryRow Told(string name) =>
        new(
            name,
            name,
            Type is "BASELINE" ? null : Checksum,
            InstalledOn,
            Success ? InstalledOn : null,
            Type.StartsWith("UNDO", StringComparison.Ordinal) ? InstalledOn : null,
            Success ? null : $"{Script} failed"
        )
        {
            IsFailed = !Success,
            // Java code, and what was there before Flyway, has no file here.
            NeedsNoFile = Type is not ("SQL" or "UNDO_SQL"),
        };

    private string Name(MigrationSet set) =>
        Version is null
            ? set.Migrations.FirstOrDefault(migration =>
                migration.IsRepeatable && FlywayName.Parse(migration.Name)?.Description == Description
            )?.Name
                ?? $"R__{Description.Replace(' ', '_')}"
            : set.Find(FlywayName.KeyOf(Version))?.Name ?? $"V{Version}__{Description.Replace(' ', '_')}";
}
