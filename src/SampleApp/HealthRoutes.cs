using System.Diagnostics;
using Npgsql;

namespace SampleApp;

/// <summary>How the application does, and its front page.</summary>
internal static class HealthRoutes
{
    private const string Newest =
        "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name DESC LIMIT 1";

    private static readonly long Started = Stopwatch.GetTimestamp();

    public static void Map(WebApplication app)
    {
        app.MapGet(
            "/health",
            (AppSettings settings) =>
                TypedResults.Ok(
                    new Health("ok", settings.Version, (long)Stopwatch.GetElapsedTime(Started).TotalSeconds)
                )
        );
        app.MapGet("/health/db", DatabaseAsync);
        app.MapGet("/", (AppSettings settings) => TypedResults.Content(Page(settings.Version), "text/html"));
    }

    private static async Task<IResult> DatabaseAsync(
        NpgsqlDataSource database,
        PoolGauge pool,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var command = database.CreateCommand(Newest);
            var newest = await command.ExecuteScalarAsync(cancellationToken) as string;
            var latency = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return TypedResults.Ok(new DatabaseHealth("ok", Math.Round(latency, 1), newest, pool.Read()));
        }
        catch (NpgsqlException)
        {
            var answer = new DatabaseHealth("error", null, null, pool.Read());
            return TypedResults.Json(
                answer,
                AppJson.Default.DatabaseHealth,
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
        }
    }

    private static string Page(string version) =>
        $$"""
            <!doctype html><html lang="en"><title>Notes</title><meta name="viewport" content="width=device-width">
            <style>body{font:18px/1.6 system-ui;max-width:34rem;margin:18vh auto;padding:0 1rem;color:#1d2733;background:#f7f5f0}
            h1{font-weight:600;letter-spacing:-.02em}code{background:#e7e2d8;padding:.1em .4em;border-radius:4px}</style>
            <h1>Notes</h1><p>The sample application is up. Release <code>{{version}}</code>.</p>
            <p>Its health: <a href="/health">/health</a>, <a href="/health/db">/health/db</a>.</p></html>
            """;
}
