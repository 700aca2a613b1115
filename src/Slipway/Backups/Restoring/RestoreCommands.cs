using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>pg_restore with its arguments; it reads the archive from standard input.</summary>
internal static class RestoreCommands
{
    // What is restored counts only once it was compared, and the commit that puts it in place is a synchronous one again.
    private const string SessionOptions = "-c synchronous_commit=off";

    public static Command List(params IReadOnlyList<string> options) => Print(["--list", .. options]);

    /// <summary>Prints SQL instead of running it.</summary>
    public static Command Script(params IReadOnlyList<string> options) => Print(["--file=-", .. options]);

    private static Command Print(IReadOnlyList<string> options) =>
        Command.Of(PostgresPrograms.Find("pg_restore"), ["--format=custom", .. options]) with
        {
            Variables = new Dictionary<string, Secret> { ["LC_ALL"] = new("C") },
        };

    public static Command Restore(DatabaseUrl url, string useList, bool doesWithoutRoles)
    {
        IReadOnlyList<string> arguments =
        [
            "--format=custom",
            "--exit-on-error",
            "--no-password",
            $"--dbname={PostgresSource.ConnectionInfo(url.Database)}",
            $"--use-list={useList}",
            .. doesWithoutRoles ? ["--no-owner", "--no-privileges"] : Array.Empty<string>(),
        ];
        var variables = new Dictionary<string, Secret>(PostgresSource.LibpqVariables(url, "restore"))
        {
            ["PGOPTIONS"] = new(SessionOptions),
            ["LC_ALL"] = new("C"),
        };
        return Command.Of(PostgresPrograms.Find("pg_restore"), arguments) with
        {
            Variables = variables,
            Without = PostgresSource.ForeignVariables,
        };
    }
}
