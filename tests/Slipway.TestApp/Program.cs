using System.Text.Json;
using Npgsql;
using Slipway.TestApp;

var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
var file = Path.Combine(AppContext.BaseDirectory, "behaviour.json");
var behaviour = JsonSerializer.Deserialize<Behaviour>(await File.ReadAllTextAsync(file), json)!;
if (behaviour.ExitAfterMs is { } life)
{
    await Task.Delay(life);
    await Console.Error.WriteLineAsync("these are my last words");
    return 3;
}

await Task.Delay(behaviour.StartDelayMs);
var log = Environment.GetEnvironmentVariable("LOG_FILE");
if (log is not null)
{
    await File.AppendAllTextAsync(log, "{\"level\":\"info\",\"message\":\"started\"}\n");
}

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");
builder.Logging.ClearProviders();
var app = builder.Build();
var version = behaviour.Version ?? Environment.GetEnvironmentVariable("APP_VERSION");
app.MapGet("/health", () => Results.Json(new { status = "ok", version }, statusCode: behaviour.HealthStatus));
await using var database = behaviour.Query is null ? null : Database();
app.MapGet(
    "/health/db",
    async () =>
    {
        await AskAsync("SELECT 1");
        return Results.Json(new { status = "ok" }, statusCode: behaviour.DatabaseStatus);
    }
);
app.MapGet(
    "/slow",
    async (int ms) =>
    {
        await Task.Delay(ms);
        return version;
    }
);
app.MapPost(
    "/api/notes",
    async () =>
    {
        if (behaviour.LogErrors && log is not null)
        {
            await File.AppendAllTextAsync(log, "{\"level\":\"error\",\"message\":\"something broke\"}\n");
        }

        await AskAsync(behaviour.Query);
        return Results.StatusCode(behaviour.FailNotes ? 500 : 201);
    }
);
await app.RunAsync();
return 0;

static NpgsqlDataSource Database()
{
    var address = new Uri(Environment.GetEnvironmentVariable("DATABASE_URL")!);
    var user = address.UserInfo.Split(':');
    var settings = new NpgsqlConnectionStringBuilder
    {
        Host = address.Host,
        Port = address.Port,
        Database = address.AbsolutePath[1..],
        Username = user[0],
        Password = Uri.UnescapeDataString(user[1]),
    };
    return NpgsqlDataSource.Create(settings);
}

async Task AskAsync(string? query)
{
    if (database is not null)
    {
        await using var command = database.CreateCommand(query!);
        await command.ExecuteScalarAsync();
    }
}
