using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SampleApp;

/// <summary>Makes and checks what proves who somebody is.</summary>
internal sealed class Tokens(AppSettings settings)
{
    public static readonly TimeSpan AccessLife = TimeSpan.FromMinutes(15);
    private static readonly string Header = Encode("""{"alg":"HS256","typ":"JWT"}"""u8);

    /// <summary>A JSON Web Token for a user, good for 15 minutes.</summary>
    public string Access(long user)
    {
        var expires = TimeProvider.System.GetUtcNow().Add(AccessLife).ToUnixTimeSeconds();
        var claims = Encode(Encoding.UTF8.GetBytes($$"""{"sub":"{{user}}","exp":{{expires}}}"""));
        return $"{Header}.{claims}.{Sign($"{Header}.{claims}", settings.AccessTokenSecret)}";
    }

    /// <summary>The user whom a request's bearer token names; null when it has none that counts.</summary>
    public long? UserOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var parts = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..].Split('.') : [];
        if (
            parts.Length != 3
            || parts[0] != Header
            || !Same(parts[2], Sign($"{parts[0]}.{parts[1]}", settings.AccessTokenSecret))
        )
        {
            return null;
        }

        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        return claims["exp"]!.GetValue<long>() > TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
            ? long.Parse(claims["sub"]!.GetValue<string>(), CultureInfo.InvariantCulture)
            : null;
    }

    public static string NewRefresh() => Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a refresh token.</summary>
    public string RefreshHash(string token) => Sign(token, settings.RefreshTokenSecret);

    public string NewCsrf()
    {
        var value = Encode(RandomNumberGenerator.GetBytes(16));
        return $"{value}.{Sign(value, settings.CsrfSecret)}";
    }

    /// <summary>True when cookie and header are the same token, and one of ours.</summary>
    public bool CsrfFits(string? cookie, string? header)
    {
        var parts = (header ?? "").Split('.');
        return parts.Length == 2 && cookie == header && Same(parts[1], Sign(parts[0], settings.CsrfSecret));
    }

    private static string Sign(string text, string secret) =>
        Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    private static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
