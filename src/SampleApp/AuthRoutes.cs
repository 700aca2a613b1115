using System.Net.Mail;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace SampleApp;

/// <summary>Registration, login, and sessions that go on by refresh tokens.</summary>
internal static class AuthRoutes
{
    public const string Limit = "auth";
    private const string RefreshCookie = "refresh_token";
    private const string CsrfCookie = "csrf_token";
    private const int ShortestPassword = 12;
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(14);

    public static void Map(WebApplication app)
    {
        var auth = app.MapGroup("/api/auth").RequireRateLimiting(Limit);
        auth.MapPost("/register", RegisterAsync);
        auth.MapPost("/login", LoginAsync);
        auth.MapGet("/csrf", Csrf);
        auth.MapPost("/refresh", RefreshAsync);
        auth.MapPost("/logout", LogoutAsync);
    }

    private static async Task<IResult> RegisterAsync(
        Credentials credentials,
        Passwords passwords,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        if (Wrong(credentials) is { } problem)
        {
            return TypedResults.BadRequest(new Problem(problem));
        }

        await using var command = database.CreateCommand(
            "INSERT INTO users (email, password_hash) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING RETURNING id"
        );
        var email = credentials.Email!.ToLowerInvariant();
        command.Parameters.Add(new() { Value = email });
        command.Parameters.Add(new() { Value = passwords.Hash(credentials.Password!) });
        return await command.ExecuteScalarAsync(cancellationToken) is long id
            ? TypedResults.Created($"/api/users/{id}", new User(id, email))
            : TypedResults.Conflict(new Problem("this address is registered already"));
    }

    private static async Task<IResult> LoginAsync(
        HttpContext context,
        Credentials credentials,
        Passwords passwords,
        Tokens tokens,
        NpgsqlDataSource database,
        ILogger<Tokens> logger
    )
    {
        var known = await FindAsync(database, (credentials.Email ?? "").ToLowerInvariant(), context.RequestAborted);
        if (known is not { } user || !passwords.Fits(credentials.Password ?? "", user.Hash))
        {
            logger.LoginFailed();
            return TypedResults.Unauthorized();
        }

        return await SessionAsync(context, user.Id, Guid.NewGuid(), tokens, database);
    }

    // Gives its connection back before the password is compared and the session wants one of its own.
    private static async Task<(long Id, string Hash)?> FindAsync(
        NpgsqlDataSource database,
        string email,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            "SELECT id, password_hash FROM users WHERE email = $1 AND deleted_at IS NULL"
        );
        command.Parameters.Add(new() { Value = email });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetInt64(0), row.GetString(1)) : null;
    }

    private static Ok<CsrfToken> Csrf(HttpContext context, Tokens tokens, AppSettings settings)
    {
        var token = tokens.NewCsrf();
        context.Response.Cookies.Append(CsrfCookie, token, Cookie(settings, httpOnly: false));
        return TypedResults.Ok(new CsrfToken(token));
    }

    private static async Task<IResult> RefreshAsync(
        HttpContext context,
        Tokens tokens,
        NpgsqlDataSource database,
        ILogger<Tokens> logger
    )
    {
        if (!tokens.CsrfFits(context.Request.Cookies[CsrfCookie], context.Request.Headers["X-CSRF-Token"]))
        {
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }

        var hash = tokens.RefreshHash(context.Request.Cookies[RefreshCookie] ?? "");
        if (await UseAsync(database, hash, context.RequestAborted) is not var (user, family, reused))
        {
            return TypedResults.Unauthorized();
        }

        if (!reused)
        {
            return await SessionAsync(context, user, family, tokens, database);
        }

        // Somebody has a copy: nobody of this family gets in any more.
        logger.Reused(user);
        await RevokeAsync(database, family, context.RequestAborted);
        return TypedResults.Unauthorized();
    }

    private static async Task<(long User, Guid Family, bool Reused)?> UseAsync(
        NpgsqlDataSource database,
        string hash,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            UPDATE refresh_tokens AS t SET used_at = now()
            FROM (SELECT hash, used_at FROM refresh_tokens WHERE hash = $1 AND expires_at > now() FOR UPDATE) AS before
            WHERE t.hash = before.hash RETURNING t.user_id, t.family, before.used_at IS NOT NULL
            """
        );
        command.Parameters.Add(new() { Value = hash });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetInt64(0), row.GetGuid(1), row.GetBoolean(2)) : null;
    }

    private static async Task<IResult> LogoutAsync(HttpContext context, Tokens tokens, NpgsqlDataSource database)
    {
        if (!tokens.CsrfFits(context.Request.Cookies[CsrfCookie], context.Request.Headers["X-CSRF-Token"]))
        {
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }

        await using var command = database.CreateCommand("SELECT family FROM refresh_tokens WHERE hash = $1");
        command.Parameters.Add(new() { Value = tokens.RefreshHash(context.Request.Cookies[RefreshCookie] ?? "") });
        if (await command.ExecuteScalarAsync(context.RequestAborted) is Guid family)
        {
            await RevokeAsync(database, family, context.RequestAborted);
        }

        context.Response.Cookies.Delete(RefreshCookie);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> SessionAsync(
        HttpContext context,
        long user,
        Guid family,
        Tokens tokens,
        NpgsqlDataSource database
    )
    {
        var refresh = Tokens.NewRefresh();
        await using var command = database.CreateCommand(
            "INSERT INTO refresh_tokens (hash, user_id, family, expires_at) VALUES ($1, $2, $3, $4)"
        );
        command.Parameters.Add(new() { Value = tokens.RefreshHash(refresh) });
        command.Parameters.Add(new() { Value = user });
        command.Parameters.Add(new() { Value = family });
        command.Parameters.Add(new() { Value = TimeProvider.System.GetUtcNow().UtcDateTime.Add(RefreshLife) });
        await command.ExecuteNonQueryAsync(context.RequestAborted);
        var settings = context.RequestServices.GetRequiredService<AppSettings>();
        context.Response.Cookies.Append(RefreshCookie, refresh, Cookie(settings, httpOnly: true));
        return TypedResults.Ok(new AccessToken(tokens.Access(user), (int)Tokens.AccessLife.TotalSeconds));
    }

    private static async Task RevokeAsync(NpgsqlDataSource database, Guid family, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM refresh_tokens WHERE family = $1");
        command.Parameters.Add(new() { Value = family });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static CookieOptions Cookie(AppSettings settings, bool httpOnly) =>
        new()
        {
            HttpOnly = httpOnly,
            SameSite = SameSiteMode.Strict,
            Secure = settings.IsProduction,
            Path = "/api/auth",
            MaxAge = RefreshLife,
        };

    private static string? Wrong(Credentials credentials) =>
        !MailAddress.TryCreate(credentials.Email, out _) || credentials.Email!.Length > 254 ? "email is not an address"
        : (credentials.Password ?? "").Length is < ShortestPassword or > 200
            ? $"password must have {ShortestPassword} to 200 characters"
        : null;
}
