using System.Globalization;
using Slipway.Benchmarks;
using Slipway.Settings;

const string Usage =
    "usage: dotnet run -c Release --project tests/Slipway.Benchmarks -- start | backup [MEGABYTES [ROUNDS [dumps|bucket|restores|pgbackrest]]] | migrations [up|psql|status] | stalls";
switch (args)
{
    case ["start"]:
        await StartBenchmark.Contest().RunAsync(rounds: 11, Console.Out);
        return 0;
    case ["backup", .. var rest] when rest.Length <= 3 && rest.Take(2).All(word => word.All(char.IsAsciiDigit)):
        var numbers = rest.Take(2).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
        await BackupBenchmark.RunAsync(
            numbers.ElementAtOrDefault(0) is > 0 and var size ? size : 1400,
            numbers.ElementAtOrDefault(1) is > 0 and var rounds ? rounds : 3,
            rest.ElementAtOrDefault(2),
            Console.Out
        );
        return 0;
    case ["migrations"] or ["migrations", "up" or "psql" or "status"]:
        await MigrationBenchmark.RunAsync(rounds: 3, args.ElementAtOrDefault(1), Console.Out);
        return 0;
    case ["stalls"]:
        await StallBenchmark.RunAsync(rounds: 3, Console.Out);
        return 0;
    // What the contests start as a program of its own.
    case ["backup-once", var store, var url, var key, var jobs]:
        await new BackupOnce(store, key, int.Parse(jobs, CultureInfo.InvariantCulture)).BackupAsync(
            DatabaseUrl.Parse("DATABASE_URL", url)
        );
        return 0;
    case ["verify-once", var store, var key]:
        await new BackupOnce(store, key).VerifyAsync();
        return 0;
    case ["restore-once", var store, var target, var key]:
        await new BackupOnce(store, key).RestoreAsync(DatabaseUrl.Parse("DATABASE_URL", target));
        return 0;
    case ["migrate-once", var url, var folder]:
        await MigrateOnce.RunAsync(DatabaseUrl.Parse("DATABASE_URL", url), folder);
        return 0;
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}
