using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Npgsql;

namespace SampleApp;

/// <summary>Puts the web application together and runs it until SIGTERM.</summary>
internal static class App
{
    public static async Task<int> RunAsync(AppSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.Port}");
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        Log(builder.Logging, settings);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddRateLimiter(limiter => Limit(limiter, settings));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(NpgsqlDataSource.Create(settings.ConnectionString));
        builder.Services.AddSingleton<PoolGauge>();
        builder.Services.AddSingleton<Passwords>();
        builder.Services.AddSingleton<Tokens>();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, AppJson.Default)
        );

        // Only of a proxy on this machine, which is the default: it says for whom it asks.
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
        );

        await using var app = builder.Build();
        app.UseForwardedHeaders();
        app.Use(ErrorPage.HandleAsync);
        app.Use((context, next) => SecurityHeaders.AddAsync(context, next, settings.IsProduction));
        app.UseRateLimiter();
        HealthRoutes.Map(app);
        AuthRoutes.Map(app);
        NoteRoutes.Map(app);
        _ = app.Services.GetRequiredService<PoolGauge>();
        app.Logger.Started(settings.Version, settings.Port);
        await app.RunAsync();
        return 0;
    }

    private static void Log(ILoggingBuilder logging, AppSettings settings)
    {
        logging.ClearProviders();
        if (settings.LogFile is { } file)
        {
            logging.AddProvider(new JsonLog(file));
        }
        else
        {
            logging.AddJsonConsole();
        }

        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
    }

    private static void Limit(RateLimiterOptions limiter, AppSettings settings)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = rejected.Lease.TryGetMetadata(
                MetadataName.RetryAfter,
                out var wait
            )
                ? wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)
                : "10";
            return ValueTask.CompletedTask;
        };
        limiter.AddPolicy(
            AuthRoutes.Limit,
            context =>
                RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress,
                    _ => new() { PermitLimit = settings.AuthRequestsPer10Seconds, Window = TimeSpan.FromSeconds(10) }
                )
        );
    }
}
