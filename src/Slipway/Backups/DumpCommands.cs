using System.Globalization;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups;

/// <summary>The programs that write a backup's files, with their arguments.</summary>
internal static class DumpCommands
{
    /// <summary>Writes the database in custom format to standard output, as a snapshot shows it, without the rows of some tables.</summary>
    public static Command Dump(
        DatabaseUrl url,
        DumpSnapshot snapshot,
        TimeSpan lockTimeout,
        IReadOnlyList<TableName> without
    ) => Dump(url, snapshot, lockTimeout, ["--create", .. without.Select(table => $"--exclude-table-data={table}")]);

    /// <summary>Writes the rows of some tables and nothing else.</summary>
    public static Command Rows(
        DatabaseUrl url,
        DumpSnapshot snapshot,
        TimeSpan lockTimeout,
        IReadOnlyList<TableName> tables
    ) => Dump(url, snapshot, lockTimeout, ["--section=data", .. tables.Select(table => $"--table={table}")]);

    private static Command Dump(
        DatabaseUrl url,
        DumpSnapshot snapshot,
        TimeSpan lockTimeout,
        IReadOnlyList<string> what
    ) =>
        Connected(
            url,
            PostgresPrograms.Find("pg_dump"),
            [
                "--format=custom",
                // Compressed behind it, by a faster compressor and in another process.
                "--compress=0",
                "--no-password",
                string.Create(CultureInfo.InvariantCulture, $"--lock-wait-timeout={lockTimeout.TotalMilliseconds:0}"),
                $"--snapshot={snapshot.Name}",
                .. what,
            ]
        );

    /// <summary>Writes roles, memberships and tablespaces as SQL to standard output; no passwords.</summary>
    public static Command Globals(DatabaseUrl url) =>
        Connected(
            url,
            PostgresPrograms.Find("pg_dumpall"),
            "--globals-only",
            "--no-role-passwords",
            "--no-password",
            $"--database={PostgresSource.ConnectionInfo(url.Database)}"
        );

    private static Command Connected(DatabaseUrl url, string program, params IReadOnlyList<string> arguments) =>
        Command.Of(program, arguments) with
        {
            Variables = new Dictionary<string, Secret>(PostgresSource.LibpqVariables(url, "backup"))
            {
                // What it complains of is read.
                ["LC_ALL"] = new("C"),
            },
            Without = PostgresSource.ForeignVariables,
        };
}
