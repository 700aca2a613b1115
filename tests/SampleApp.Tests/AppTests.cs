using System.Net;
using System.Text.Json;
using Slipway.Tests.Support;

namespace SampleApp.Tests;

/// <summary>The application over HTTP, on a real database.</summary>
[Trait("Needs", "Server")]
public sealed class AppTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly object Ana = new { email = "ana@sample.invalid", password = "a long enough password" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_registers_logs_in_and_keeps_notes_until_they_are_deleted_softly()
    {
        await using var app = await RunningApp.StartAsync(cluster);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(app, "register", Ana)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(app, "register", Ana)).Status);
        var token = (await PostAsync(app, "login", Ana)).Body!["token"]!.GetValue<string>();

        var made = await app.SendAsync(HttpMethod.Post, "/api/notes", new { title = "t", body = "b" }, token);
        var path = $"/api/notes/{made.Body!["id"]}";
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(HttpMethod.Get, path, token: token)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.SendAsync(HttpMethod.Delete, path, token: token)).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync(HttpMethod.Get, path, token: token)).Status);
        var kept = await RunningApp.ExecuteAsync(
            app.Database,
            "SELECT count(*) FROM notes WHERE title = 't' AND deleted_at IS NOT NULL"
        );
        Assert.Equal(1L, kept);
        var hash = await RunningApp.ExecuteAsync(
            app.Database,
            "SELECT password_hash FROM users WHERE email = 'ana@sample.invalid'"
        );
        Assert.DoesNotContain("a long enough password", (string)hash!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_are_turned_away()
    {
        await using var app = await RunningApp.StartAsync(cluster);
        await PostAsync(app, "register", Ana);
        var wrong = new { email = "ana@sample.invalid", password = "a wrong password" };

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(app, "login", wrong)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.SendAsync(HttpMethod.Get, "/api/notes")).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await app.SendAsync(HttpMethod.Get, "/api/notes", token: "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")).Status
        );
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(app, "refresh", new { })).Status);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await PostAsync(app, "register", new { email = "nobody", password = "short" })).Status
        );
    }

    [Fact]
    public async Task A_refresh_token_works_once_and_a_copy_ends_the_session()
    {
        await using var app = await RunningApp.StartAsync(cluster);
        await PostAsync(app, "register", Ana);
        using var login = await app.Http.PostAsync("/api/auth/login", Json(Ana), Token);
        using var csrf = await app.Http.GetAsync("/api/auth/csrf", Token);
        var proof = JsonDocument.Parse(await csrf.Content.ReadAsStringAsync(Token)).RootElement;
        var stolen = Cookie(login, "refresh_token");

        var (status, next) = await RefreshAsync(app, proof.GetProperty("token").GetString()!, stolen);
        Assert.Equal(HttpStatusCode.OK, status);
        var (again, _) = await RefreshAsync(app, proof.GetProperty("token").GetString()!, stolen);
        Assert.Equal(HttpStatusCode.Unauthorized, again);
        var (own, _) = await RefreshAsync(app, proof.GetProperty("token").GetString()!, next!);
        Assert.Equal(HttpStatusCode.Unauthorized, own);
    }

    [Fact]
    public async Task Too_many_logins_wait()
    {
        await using var app = await RunningApp.StartAsync(cluster, authRequests: 2);

        HttpResponseMessage? last = null;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            last?.Dispose();
            last = await app.Http.PostAsync("/api/auth/login", Json(Ana), Token);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
        Assert.True(last.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        last.Dispose();
    }

    [Fact]
    public async Task Each_user_behind_the_proxy_has_a_limit_of_his_own()
    {
        await using var app = await RunningApp.StartAsync(cluster, authRequests: 2);

        var (mine, other) = (new List<HttpStatusCode>(), new List<HttpStatusCode>());
        for (var attempt = 0; attempt < 3; attempt++)
        {
            mine.Add(await LogInFromAsync(app, "198.51.100.7"));
        }

        other.Add(await LogInFromAsync(app, "198.51.100.8"));

        Assert.Equal(HttpStatusCode.TooManyRequests, mine[^1]);
        Assert.Equal(HttpStatusCode.Unauthorized, other[0]);
    }

    [Fact]
    public async Task As_many_users_log_in_at_once_as_come_whatever_the_pool_has()
    {
        var one = new Dictionary<string, string> { ["DB_POOL_MAX"] = "1", ["DB_POOL_CONNECTION_TIMEOUT"] = "5" };
        await using var app = await RunningApp.StartAsync(cluster, variables: one);
        await PostAsync(app, "register", Ana);

        var logins = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(app, "login", Ana)));

        Assert.All(logins, login => Assert.Equal(HttpStatusCode.OK, login.Status));
        var pool = (await app.SendAsync(HttpMethod.Get, "/health/db")).Body!["pool"]!;
        Assert.Equal("""{"max":1,"open":1,"idle":1,"busy":0}""", pool.ToJsonString());
    }

    [Fact]
    public async Task A_request_waits_no_longer_for_the_pool_than_it_is_told()
    {
        var one = new Dictionary<string, string> { ["DB_POOL_MAX"] = "1", ["DB_POOL_CONNECTION_TIMEOUT"] = "1" };
        await using var app = await RunningApp.StartAsync(cluster, variables: one);
        await PostAsync(app, "register", Ana);
        var token = (await PostAsync(app, "login", Ana)).Body!["token"]!.GetValue<string>();
        await using var source = Npgsql.NpgsqlDataSource.Create(app.Database);
        await using var blocker = await source.OpenConnectionAsync(Token);
        await using var transaction = await blocker.BeginTransactionAsync(Token);
        await using (var block = new Npgsql.NpgsqlCommand("LOCK TABLE notes", blocker))
        {
            await block.ExecuteNonQueryAsync(Token);
        }

        var holding = app.SendAsync(HttpMethod.Get, "/api/notes", token: token);
        await Task.Delay(300, Token);
        var waiting = await app.SendAsync(HttpMethod.Get, "/health/db");
        await transaction.RollbackAsync(Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.Status);
        Assert.Equal(1, waiting.Body!["pool"]!["busy"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.OK, (await holding).Status);
    }

    [Fact]
    public async Task Health_tells_the_release_and_whether_the_database_is_there()
    {
        await using var own = new PostgresCluster();
        await using var app = await RunningApp.StartAsync(own);
        using var answer = await app.Http.GetAsync("/health", Token);

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains(
            "default-src 'none'",
            answer.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.Equal("r1", (await app.SendAsync(HttpMethod.Get, "/health")).Body!["version"]!.GetValue<string>());
        await own.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.SendAsync(HttpMethod.Get, "/health/db")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(HttpMethod.Get, "/health")).Status);
    }

    [Fact]
    public async Task Ends_well_when_asked_and_logs_lines_of_json_without_secrets()
    {
        await using var app = await RunningApp.StartAsync(cluster);
        await PostAsync(app, "login", Ana);

        Assert.Equal(0, await app.TerminateAsync());

        var log = await app.LogAsync();
        Assert.NotEmpty(log);
        Assert.All(log, line => JsonDocument.Parse(line).Dispose());
        Assert.DoesNotContain(log, line => line.Contains("a long enough password", StringComparison.Ordinal));
        Assert.DoesNotContain(log, line => line.Contains(new string('a', 44), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_migration_can_be_undone()
    {
        var database = await cluster.CreateDatabaseAsync(Token);
        foreach (var folder in RunningApp.Migrations())
        {
            await ApplyAsync(database, folder, "migration.sql");
        }

        foreach (var folder in RunningApp.Migrations().Reverse())
        {
            await ApplyAsync(database, folder, "down.sql");
        }

        const string Left = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
        Assert.Equal(0L, await RunningApp.ExecuteAsync(database, Left));
    }

    private static async Task ApplyAsync(string database, string folder, string name)
    {
        var file = Path.Combine(folder, name);
        Assert.True(
            File.Exists(file),
            $"Migration {Path.GetFileName(folder)} has no {name}; write one beside its {(name is "down.sql" ? "migration.sql: it undoes what that does" : "down.sql")}."
        );
        await RunningApp.ExecuteAsync(database, await File.ReadAllTextAsync(file, Token));
    }

    private static Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode? Body)> PostAsync(
        RunningApp app,
        string route,
        object body
    ) => app.SendAsync(HttpMethod.Post, $"/api/auth/{route}", body);

    private static async Task<HttpStatusCode> LogInFromAsync(RunningApp app, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login");
        request.Content = Json(Ana);
        request.Headers.Add("X-Forwarded-For", address);
        using var answer = await app.Http.SendAsync(request, Token);
        return answer.StatusCode;
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), null, "application/json");

    private static string Cookie(HttpResponseMessage answer, string name) =>
        answer
            .Headers.GetValues("Set-Cookie")
            .Single(cookie => cookie.StartsWith($"{name}=", StringComparison.Ordinal))
            .Split(';')[0][(name.Length + 1)..];

    private static async Task<(HttpStatusCode Status, string? Next)> RefreshAsync(
        RunningApp app,
        string csrf,
        string refresh
    )
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false })
        {
            BaseAddress = app.Http.BaseAddress,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/refresh");
        request.Headers.Add("X-CSRF-Token", csrf);
        request.Headers.Add("Cookie", $"csrf_token={csrf}; refresh_token={refresh}");
        using var answer = await http.SendAsync(request, Token);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? Cookie(answer, "refresh_token") : null);
    }
}
