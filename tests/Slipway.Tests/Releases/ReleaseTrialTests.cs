using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Health;
using Slipway.Processes;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Support;

namespace Slipway.Tests.Releases;

/// <summary>Real releases on copies of real databases.</summary>
public sealed class ReleaseTrialTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Password = "the secret of this database";
    private static readonly Release First = new("first", "c1");

    private static readonly string[] Sample = ["dotnet", Built("SampleApp", "SampleApp.dll")];
    private readonly TemporaryFolder _folder = new();
    private readonly SocketsHttpHandler _http = DirectHttp.CreateHandler();
    private readonly int _port = PostgresCluster.FreePort();
    private DatabaseUrl _live = null!;
    private DatabaseUrl _copy = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Passes_on_a_copy_that_has_not_changed_and_touches_neither_the_live_release_nor_its_data()
    {
        var releaser = Releaser(Sample);
        await releaser.PrepareAsync(First, null, Token);
        await releaser.SwitchAsync(First, null, Token);
        var (state, log) = (State(), await File.ReadAllTextAsync(_folder["app.log"], Token));

        var report = await releaser.TryAsync(First, _copy, Token);

        Assert.True(report.Passed, $"{report}");
        Assert.Equal(6, report.Requests);
        Assert.Equal((0, 1), (await UsersAsync(_live), await UsersAsync(_copy)));
        Assert.Equal(state, State());
        Assert.Equal(log, await File.ReadAllTextAsync(_folder["app.log"], Token));
        Assert.Equal(Serving.By("first"), await releaser.ObserveAsync(Token));
        Assert.Equal("first", await LiveAsync());
        Assert.False(await HasSessionsAsync(_copy));
    }

    [Fact]
    public async Task Names_the_request_that_a_renamed_column_breaks()
    {
        await TestDatabase.ExecuteAsync(_copy, "ALTER TABLE notes RENAME COLUMN body TO content", Token);

        var report = await TryAsync(Sample);

        Assert.False(report.Passed);
        Assert.Null(report.NotTried);
        Assert.Equal(2, report.Requests);
        var failure = Assert.Single(report.Failures);
        Assert.Matches(
            @"sample\.hurl:\d+: Create a note: POST http://127\.0\.0\.1:\d+/api/notes: .*expected 201, got .*500",
            failure
        );
        Assert.Contains(report.LastWords, line => line.Contains("body", StringComparison.Ordinal));
        Assert.Equal((0, 1), (await UsersAsync(_live), await UsersAsync(_copy)));
    }

    [Fact]
    public async Task Tells_the_last_words_of_a_release_that_does_not_start_without_secrets()
    {
        var report = await TryAsync(["sh", "-c", "echo no table for \"$DATABASE_URL\" and $API_KEY >&2; exit 3"]);

        var failure = Assert.Single(report.Failures);
        Assert.Matches(
            @"^GET http://127\.0\.0\.1:\d+/health: expected .* of release first, got none: its process ended with exit code 3",
            failure
        );
        var word = Assert.Single(report.LastWords);
        Assert.Matches(
            @"no table for postgresql://postgres:\[REDACTED\]@127\.0\.0\.1:\d+/t\d+\?.* and \[REDACTED\]$",
            word
        );
        Assert.DoesNotContain(Uri.EscapeDataString(Password), $"{report}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_a_release_that_never_becomes_healthy_with_its_children()
    {
        var report = await TryAsync(Children(), TimeSpan.FromSeconds(2));

        Assert.Contains(
            "expected a healthy answer of release first, got none: ",
            Assert.Single(report.Failures),
            StringComparison.Ordinal
        );
        // On a busy machine it may not even have begun.
        Assert.DoesNotContain(File.Exists(_folder["family"]) ? await FamilyAsync() : [], IsAlive);
    }

    [Fact]
    public async Task Stops_the_release_and_its_children_when_it_is_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var trial = TryAsync(Children(), cancellationToken: stop.Token);
        var family = await FamilyAsync();
        Assert.All(family, id => Assert.True(IsAlive(id)));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trial);
        Assert.DoesNotContain(family, IsAlive);
        Assert.Empty(ProcessReleaser.Running(_folder["app"]));
    }

    [Fact]
    public async Task Sends_no_request_to_a_release_that_never_connected_to_the_copy()
    {
        await File.WriteAllTextAsync(_folder["health.hurl"], "GET {{base}}/health\nHTTP 200\n", Token);
        Directory.CreateDirectory(_folder["app/releases/first"]);
        await CopyAsync(Built("Slipway.TestApp", ""), _folder["app/releases/first"]);
        await File.WriteAllTextAsync(_folder["app/releases/first/behaviour.json"], "{}", Token);

        var report = await TryAsync(["dotnet", "{folder}/Slipway.TestApp.dll"], requests: _folder["health.hurl"]);

        Assert.False(report.Passed);
        Assert.Empty(report.Failures);
        Assert.Equal(0, report.Requests);
        Assert.StartsWith(
            "release first was never seen connected to the copy",
            report.NotTried,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Says_what_cannot_be_tried_and_starts_nothing()
    {
        var without = await TryAsync(Children(), requests: "");
        await File.WriteAllTextAsync(_folder["fixed.hurl"], "# Home\nGET https://live.example/\nHTTP 200\n", Token);
        var elsewhere = await TryAsync(Children(), requests: _folder["fixed.hurl"]);
        var leading = await TryAsync(Children(), variable: $"Host=localhost;Database={_live.Database}");
        var gone = await Releaser(Children()).TryAsync(new("gone", "c0"), _copy, Token);
        var unreachable = await Releaser(Children()).TryAsync(First, _copy with { Database = "none" }, Token);
        Releaser command = new CommandReleaser(
            Environment(Children()),
            new ReleaseBook(new FileStore(_folder["store"]), "test", TimeProvider.System),
            new ProcessRunner(TimeProvider.System),
            _http,
            new RunOutput(TextWriter.Null, false, TimeProvider.System)
        );
        var commanded = await command.TryAsync(First, _copy, Token);

        Assert.Equal("environment test declares no verify.requests", without.NotTried);
        Assert.Equal(
            $"{_folder["fixed.hurl"]}:2 asks https://live.example/ instead of {{{{base}}}}, where the trial does not answer",
            elsewhere.NotTried
        );
        Assert.Contains("the variable EXTRA leads", leading.NotTried, StringComparison.Ordinal);
        Assert.StartsWith("the files of release gone are gone", gone.NotTried, StringComparison.Ordinal);
        Assert.StartsWith("the copy none cannot be reached", unreachable.NotTried, StringComparison.Ordinal);
        Assert.Contains("own commands", commanded.NotTried, StringComparison.Ordinal);
        Assert.All([without, elsewhere, leading, gone, unreachable, commanded], report => Assert.False(report.Passed));
        Assert.False(File.Exists(_folder["family"]));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Refuses_the_live_database(string host)
    {
        var error = await Assert.ThrowsAsync<SlipwayException>(() =>
            Releaser(Sample).TryAsync(First, _live with { Host = host }, Token)
        );

        Assert.Equal(ExitCode.Refused, error.ExitCode);
    }

    public async ValueTask InitializeAsync()
    {
        (_live, _copy) = (await DatabaseAsync(), await DatabaseAsync());
        // Whoever makes a copy's address from the original's may leave the text as it was.
        _copy = _copy with
        {
            Raw = _live.Raw,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await ProcessReleaser.StopAllAsync(_folder["app"], TimeProvider.System, CancellationToken.None);
        _http.Dispose();
        _folder.Dispose();
    }

    private static string Built(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, "debug", file));

    private static bool IsAlive(int id) => ProcessIdentity.Of(id) is not null;

    private static Task<string> CopyAsync(string from, string to) => Tool.RunAsync("cp", "-r", $"{from}/.", to);

    private async Task<DatabaseUrl> DatabaseAsync()
    {
        var made = await TestDatabase.CreateAsync(cluster, Token);
        var password = Uri.EscapeDataString(Password);
        var text =
            $"postgresql://postgres:{password}@127.0.0.1:{made.Port}/{made.Database}?schema=public&sslmode=disable";
        var url = DatabaseUrl.Parse("DATABASE_URL", text);
        await TestDatabase.ExecuteAsync(
            url,
            """
            CREATE TABLE _prisma_migrations (migration_name text, finished_at timestamptz, rolled_back_at timestamptz);
            INSERT INTO _prisma_migrations VALUES ('20260103090000_seed', now(), NULL);
            """,
            Token
        );
        foreach (var name in new[] { "20260101090000_users", "20260101100000_notes" })
        {
            var file = Built("SampleApp", $"migrations/{name}/migration.sql");
            await TestDatabase.ExecuteAsync(url, await File.ReadAllTextAsync(file, Token), Token);
        }

        return url;
    }

    private static async Task<T> ReadAsync<T>(DatabaseUrl url, string sql)
    {
        await using var source = Postgres.PostgresSource.Create(url, "test");
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Token))!;
    }

    private static async Task<int> UsersAsync(DatabaseUrl url) =>
        await ReadAsync<int>(url, "SELECT count(*)::int FROM users WHERE email LIKE 'verify-%'");

    private static Task<bool> HasSessionsAsync(DatabaseUrl url) =>
        ReadAsync<bool>(
            url,
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sample-app')"
        );

    // What the proxy and the releases are known by: their files, with the numbers of their processes.
    private string State() =>
        string.Join(
            '\n',
            Directory
                .EnumerateFiles(_folder["app/state"])
                .Order(StringComparer.Ordinal)
                .Select(file => $"{file}: {File.ReadAllText(file)}")
        );

    private async Task<string?> LiveAsync()
    {
        using var client = new HttpClient(_http, disposeHandler: false);
        var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/health"), Token);
        return JsonNode.Parse(text)?["version"]?.GetValue<string>();
    }

    private string[] Children() =>
        [
            "sh",
            "-c",
            """sleep 1000 & echo $! >>"$1.part"; echo $$ >>"$1.part"; mv "$1.part" "$1"; wait""",
            "sh",
            _folder["family"],
        ];

    private async Task<IReadOnlyList<int>> FamilyAsync()
    {
        while (!File.Exists(_folder["family"]))
        {
            await Task.Delay(20, Token);
        }

        var lines = await File.ReadAllLinesAsync(_folder["family"], Token);
        return [.. lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    private Task<TrialReport> TryAsync(
        IReadOnlyList<string> start,
        TimeSpan? timeout = null,
        string? requests = null,
        string? variable = null,
        CancellationToken? cancellationToken = null
    )
    {
        Directory.CreateDirectory(_folder["app/releases/first"]);
        return Releaser(start, timeout, requests, variable).TryAsync(First, _copy, cancellationToken ?? Token);
    }

    private ProcessReleaser Releaser(
        IReadOnlyList<string> start,
        TimeSpan? timeout = null,
        string? requests = null,
        string? variable = null
    ) =>
        new(
            Environment(start, timeout, requests, variable),
            ["dotnet", Built("Slipway.Proxy", "Slipway.Proxy.dll")],
            new ProcessRunner(TimeProvider.System),
            _http,
            new RunOutput(TextWriter.Null, false, TimeProvider.System)
        );

    private DeploymentEnvironment Environment(
        IReadOnlyList<string> start,
        TimeSpan? timeout = null,
        string? requests = null,
        string? variable = null
    )
    {
        var made = ReleaserEnvironment.Of(
            _folder.Path,
            new()
            {
                Strategy = ReleaseStrategy.Process,
                Build = ["mkdir", "{folder}"],
                Start = start,
                Folder = _folder["app"],
                Port = _port,
                DrainTimeout = TimeSpan.FromSeconds(20),
                Timeout = TimeSpan.FromMinutes(1),
            },
            ReleaserEnvironment.Health() with
            {
                Timeout = timeout ?? TimeSpan.FromMinutes(1),
                RequestTimeout = TimeSpan.FromSeconds(30),
            }
        );
        var file = requests ?? Path.Combine(Repository(), ".nuke", "environments", "sample.hurl");
        return made with
        {
            Database = made.Database with { Url = _live },
            Verify = new(file.Length == 0 ? null : file, _folder["app.log"], []),
            Variables = new Dictionary<string, Secret>
            {
                ["DATABASE_URL"] = _live.Raw,
                ["ACCESS_TOKEN_SECRET"] = new(new string('a', 32)),
                ["REFRESH_TOKEN_SECRET"] = new(new string('b', 32)),
                ["CSRF_SECRET"] = new(new string('c', 32)),
                ["API_KEY"] = new("the key of another service"),
                ["EXTRA"] = new(variable ?? ""),
            },
        };
    }

    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
