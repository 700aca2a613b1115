using System.Globalization;
using Npgsql;
using Slipway.Tests.Support;

namespace Slipway.Benchmarks;

/// <summary>How long clients that read and write all the time have to wait while a migration is deployed, by us and by dbmate.</summary>
internal sealed class StallBenchmark
{
    private const int Rows = 300_000;

    // In its way is every migration that keeps writers off.
    private const string Hold =
        "BEGIN; UPDATE users SET name = name WHERE id = 0; UPDATE orders SET total = total WHERE id = 0";

    private static readonly TimeSpan Held = TimeSpan.FromSeconds(4);

    private static readonly (string Name, string Sql)[] Migrations =
    [
        ("ADD COLUMN with a constant", "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free'"),
        ("varchar(100) to varchar(200)", "ALTER TABLE users ALTER COLUMN name TYPE varchar(200)"),
        ("ADD COLUMN, volatile default", "ALTER TABLE users ADD COLUMN at timestamptz DEFAULT clock_timestamp()"),
        ("int to bigint", "ALTER TABLE users ALTER COLUMN visits TYPE bigint"),
        ("SET NOT NULL", "ALTER TABLE users ALTER COLUMN name SET NOT NULL"),
        ("CREATE INDEX", "CREATE INDEX users_name ON users (name)"),
        ("CREATE INDEX CONCURRENTLY", "CREATE INDEX CONCURRENTLY users_name ON users (name)"),
        ("ADD FOREIGN KEY", "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users"),
        ("CHECK hidden in DO", "DO $$ BEGIN EXECUTE 'ALTER TABLE users ADD CHECK (visits >= 0)'; END $$"),
        ("UPDATE of 100,000 rows", "UPDATE users SET visits = visits + 1 WHERE id <= 100000"),
    ];

    private readonly BenchmarkServer _server;
    private readonly string _folder;
    private readonly Contender[] _contenders;

    private StallBenchmark(BenchmarkServer server, string dbmate)
    {
        _server = server;
        _folder = Directory.CreateDirectory(Path.Combine(server.Folder, "migrations")).FullName;
        _contenders =
        [
            new("Slipway", [.. Contender.ThisProgram, "migrate-once", server.Url, _folder], server.Folder),
            new("dbmate", [dbmate, "--no-dump-schema", "--migrations-dir", _folder, "up"], server.Folder)
            {
                Variables = new Dictionary<string, string> { ["DATABASE_URL"] = server.Url },
            },
        ];
    }

    private string Connection => $"Host=127.0.0.1;Port={_server.Port};Username=postgres;Database=app;Pooling=false";

    /// <summary>Deploys each migration by each tool, undisturbed and behind a transaction that holds a lock, and prints the table.</summary>
    public static async Task RunAsync(int rounds, TextWriter output)
    {
        await using var server = await BenchmarkServer.StartAsync();
        var benchmark = new StallBenchmark(server, await MigrationBenchmark.DbmateAsync(server));
        await benchmark.FillAsync();
        foreach (var held in new[] { TimeSpan.Zero, Held })
        {
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Longest wait of a client in ms, {Rows} rows, {(held == TimeSpan.Zero ? "nobody else holds a lock" : $"behind a transaction that wrote and stays open for {held.TotalSeconds} s")}; medians of {rounds}"
                )
            );
            await output.WriteLineAsync(
                $"  {"", -30}  Slipway: read  write   done after    dbmate: read  write   done after"
            );
            foreach (var (name, sql) in Migrations)
            {
                await output.WriteLineAsync(await benchmark.RowAsync(name, sql, held, rounds));
            }
        }
    }

    private async Task<string> RowAsync(string name, string sql, TimeSpan held, int rounds)
    {
        var option = sql.Contains("CONCURRENTLY", StringComparison.Ordinal) ? " transaction:false" : "";
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "1_it.sql"),
            $"-- migrate:up{option}\n{sql};\n\n-- migrate:down\nSELECT 1;\n"
        );
        var results = _contenders.Select(_ => new List<Stall>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < _contenders.Length; i++)
            {
                results[i].Add(await MeasureAsync(_contenders[i], held));
            }
        }

        return results.Aggregate(
            $"  {name, -30}",
            (text, stalls) =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{text}  {Median(stalls, stall => stall.Read), 13:F0} {Median(stalls, stall => stall.Write), 6:F0} {Median(stalls, stall => stall.Deploy), 12:F0}"
                )
        );
    }

    private async Task<Stall> MeasureAsync(Contender contender, TimeSpan held)
    {
        await _server.RunAsync("dropdb", "--if-exists", "--force", "app");
        await _server.RunAsync("createdb", "-T", "filled", "app");
        await using var clients = new BusyClients(
            Connection,
            Rows,
            "SELECT name FROM users WHERE id = $1",
            "SELECT total FROM orders WHERE id = $1",
            "UPDATE users SET visits = visits + 1 WHERE id = $1",
            "INSERT INTO orders (user_id, total) VALUES ($1, 1)"
        );
        await using var holder = new NpgsqlConnection(Connection);
        if (held > TimeSpan.Zero)
        {
            await holder.OpenAsync();
            await using var command = new NpgsqlCommand(Hold, holder);
            await command.ExecuteNonQueryAsync();
        }

        var deploying = contender.RunAsync();
        await Task.Delay(held);
        await holder.CloseAsync();
        var deploy = await deploying;
        var longest = await clients.EndAsync();
        return new(longest.Take(2).Max(), longest.Skip(2).Max(), deploy.Wall);
    }

    private async Task FillAsync()
    {
        await _server.RunAsync("createdb", "filled");
        await _server.RunAsync(
            "psql",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            "filled",
            "-c",
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
                CREATE TABLE users (id int PRIMARY KEY, name varchar(100), visits int NOT NULL);
                CREATE TABLE orders (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, user_id int NOT NULL, total int);
                INSERT INTO users SELECT n, md5(n::text), 0 FROM generate_series(0, {Rows}) AS n;
                INSERT INTO orders (user_id, total) SELECT n, n FROM generate_series(1, {Rows}) AS n;
                INSERT INTO orders (id, user_id, total) VALUES (0, 1, 0);
                """
            )
        );
        await _server.RunAsync("vacuumdb", "-q", "--analyze", "filled");
    }

    private static double Median(List<Stall> stalls, Func<Stall, TimeSpan> of) =>
        stalls.Select(of).Order().ElementAt(stalls.Count / 2).TotalMilliseconds;

    private sealed record Stall(TimeSpan Read, TimeSpan Write, TimeSpan Deploy);
}
