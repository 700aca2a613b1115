using System.Globalization;

namespace Slipway.Settings;

/// <summary>Understands database addresses as Prisma projects write them.</summary>
internal sealed class DatabaseUrlParser(string name, ProblemList problems)
{
    private static readonly string[] Known =
    [
        "schema",
        "connection_limit",
        "pool_timeout",
        "connect_timeout",
        "socket_timeout",
        "pgbouncer",
        "sslmode",
        "sslaccept",
        "sslcert",
        "sslrootcert",
        "statement_cache_size",
        "options",
        "host",
        "application_name",
        "channel_binding",
        "max_connection_lifetime",
        "max_idle_connection_lifetime",
    ];

    private static readonly string[] Modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    /// <summary>The address and its parameters, or null after the problems were told.</summary>
    public (DatabaseUrl Url, IReadOnlyDictionary<string, string> Parameters)? Parse(string text)
    {
        var before = problems.Errors.Count;
        if (new DatabaseUrlSplitter(name, problems).Split(text) is not { } parts)
        {
            return null;
        }

        RefusePlaceholders(parts);
        foreach (var unknown in parts.Parameters.Keys.Except(Known, StringComparer.Ordinal))
        {
            var remedy = unknown.StartsWith("ssl", StringComparison.Ordinal)
                ? "client certificates are not supported yet: log in with a password"
                : NearestName.Remedy(unknown, Known);
            problems.Add($"{name} ?{unknown}", null, "is not known", remedy);
        }

        var url = Url(text, parts);
        return problems.Errors.Count == before ? (url, parts.Parameters) : null;
    }

    private DatabaseUrl Url(string text, DatabaseUrlParts parts) =>
        new()
        {
            User = parts.User,
            Password = parts.Password is null ? null : new Secret(parts.Password),
            Host = Host(parts),
            Port = parts.Port,
            Database = parts.Database,
            Schema = Schema(parts),
            ConnectionLimit = Number(parts, "connection_limit", 1, 10_000),
            PoolTimeout = Seconds(parts, "pool_timeout", 1, 600) ?? TimeSpan.FromSeconds(10),
            ConnectTimeout = Seconds(parts, "connect_timeout", 1, 300) ?? TimeSpan.FromSeconds(5),
            SocketTimeout = Seconds(parts, "socket_timeout", 1, 86_400),
            StatementCacheSize = Number(parts, "statement_cache_size", 0, 100_000),
            PgBouncer = Choice(parts, "pgbouncer", "false", ["true", "false"]) is "true",
            SslMode = SslMode(parts),
            SslRootCertificate = Certificate(parts),
            Options = parts.Parameters.GetValueOrDefault("options"),
            Raw = new Secret(text),
        };

    private void RefusePlaceholders(DatabaseUrlParts parts)
    {
        var placeholder =
            (parts.User, parts.Password) is ("user", "password") || parts.Host is "host"
                ? "user:password@host"
                : Placeholders.Find($"{parts.Host} {parts.Database} {parts.User} {parts.Password}");
        if (placeholder is not null)
        {
            problems.Add(name, null, $"still holds the placeholder {placeholder}", "put the real address there");
        }
    }

    private static string Host(DatabaseUrlParts parts) =>
        parts.Parameters.GetValueOrDefault("host") is { Length: > 0 } host ? host : parts.Host;

    private string Schema(DatabaseUrlParts parts)
    {
        var schema = parts.Parameters.GetValueOrDefault("schema", "public");
        if (schema.Length is 0 or > 63 || schema.Contains(',', StringComparison.Ordinal))
        {
            Bad("schema", schema, "names no schema", "name one, such as ?schema=public");
        }

        return schema;
    }

    private string SslMode(DatabaseUrlParts parts)
    {
        var mode = Choice(parts, "sslmode", "prefer", Modes);
        var accept = Choice(parts, "sslaccept", "accept_invalid_certs", ["strict", "accept_invalid_certs"]);
        if (mode is "verify-ca" or "verify-full" && accept is not "strict")
        {
            problems.Warn(
                $"{name} ?sslmode",
                mode,
                "is kept by Slipway and libpq, but Prisma reads it as prefer and checks no certificate",
                "for a Prisma application write sslmode=require&sslaccept=strict"
            );
        }

        return mode is "require" && accept is "strict" ? "verify-full" : mode;
    }

    private string? Certificate(DatabaseUrlParts parts)
    {
        // What Prisma calls sslcert is libpq's sslrootcert.
        var (prisma, libpq) = (
            parts.Parameters.GetValueOrDefault("sslcert"),
            parts.Parameters.GetValueOrDefault("sslrootcert")
        );
        if (prisma is not null && libpq is not null && !prisma.Equals(libpq, StringComparison.Ordinal))
        {
            Bad(
                "sslcert",
                prisma,
                $"differs from sslrootcert={libpq}; both mean the file that the server's certificate is checked with",
                "keep one of them"
            );
        }

        return libpq ?? prisma;
    }

    private int? Number(DatabaseUrlParts parts, string parameter, int least, int most, string unit = "")
    {
        if (!parts.Parameters.TryGetValue(parameter, out var text))
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least)
        {
            Bad(parameter, text, "is no number it can be", $"write a whole number from {least} to {most}{unit}");
        }
        else if (number > most)
        {
            var seconds = unit.Length > 0 ? "; the parameter is in seconds, this looks like milliseconds" : "";
            Bad(parameter, text, $"is more than {most}{seconds}", $"write a whole number from {least} to {most}{unit}");
        }

        return number;
    }

    private TimeSpan? Seconds(DatabaseUrlParts parts, string parameter, int least, int most) =>
        Number(parts, parameter, least, most, " seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private string Choice(DatabaseUrlParts parts, string parameter, string fallback, string[] choices)
    {
        var text = parts.Parameters.GetValueOrDefault(parameter, fallback);
        if (!choices.Contains(text, StringComparer.Ordinal))
        {
            Bad(parameter, text, "is not known", NearestName.Remedy(text, choices));
        }

        return text;
    }

    private void Bad(string parameter, string value, string problem, string remedy) =>
        problems.Add($"{name} ?{parameter}", value, problem, remedy);
}
