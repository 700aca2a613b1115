using System.Globalization;
using System.Text;

namespace Slipway.Settings;

/// <summary>Cuts a database address at its separators. No problem it finds shows a part of the address that may be secret.</summary>
internal sealed class DatabaseUrlSplitter(string name, ProblemList problems)
{
    private const string Form = "write postgresql://USER:PASSWORD@HOST:5432/DATABASE?schema=public";
    private const string Encode = "percent-encode them: / is %2F, ? is %3F, # is %23, @ is %40, : is %3A, % is %25";
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>The parts, or null when the address cannot be cut.</summary>
    public DatabaseUrlParts? Split(string text)
    {
        if (
            Schemes.FirstOrDefault(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            is not { } scheme
        )
        {
            return Bad("does not begin with postgresql://", Form);
        }

        var rest = text[scheme.Length..];
        if (rest.Any(c => char.IsControl(c) || c == ' '))
        {
            return Bad("holds a space or a line break", "remove it, or write a space in a password as %20");
        }

        var end = rest.IndexOfAny(['/', '?', '#']);
        var (authority, tail) = end < 0 ? (rest, "") : (rest[..end], rest[end..]);
        var at = authority.LastIndexOf('@');
        if (
            at < 0
            || tail.Split('?')[0].Contains('@', StringComparison.Ordinal)
            || tail.Contains('#', StringComparison.Ordinal)
        )
        {
            return at < 0 && !tail.Contains('@', StringComparison.Ordinal)
                ? Bad("names no user", Form)
                : Bad("has characters in the password that end it early", Encode);
        }

        var question = tail.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? tail : tail[..question];
        var query = question < 0 ? "" : tail[(question + 1)..];
        return Join(authority[..at], authority[(at + 1)..], path.TrimStart('/'), query);
    }

    private DatabaseUrlParts? Join(string login, string server, string database, string query)
    {
        var colon = login.IndexOf(':', StringComparison.Ordinal);
        var user = Decode(colon < 0 ? login : login[..colon], "user");
        var password = colon < 0 ? null : Decode(login[(colon + 1)..], "password");
        var catalog = Decode(database, "database name");
        var (host, port) = Server(server);
        var parameters = Parameters(query);
        if (user is null || (colon >= 0 && password is null) || catalog is null || host is null || parameters is null)
        {
            return null;
        }

        if (user.Length == 0 || catalog.Length == 0 || catalog.Contains('/', StringComparison.Ordinal))
        {
            return Bad(user.Length == 0 ? "names no user" : "names no database, or more than one", Form);
        }

        return new(user, string.IsNullOrEmpty(password) ? null : password, host, port, catalog, parameters);
    }

    private (string? Host, int Port) Server(string server)
    {
        var bracket = server.StartsWith('[') ? server.IndexOf(']', StringComparison.Ordinal) : 0;
        var colon = bracket < 0 ? -1 : server.IndexOf(':', bracket);
        var host = Decode(colon < 0 ? server : server[..colon], "host");
        var port = 5432;
        if (
            colon >= 0
            && !(
                int.TryParse(server[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and < 65536
            )
        )
        {
            Bad(
                "has a port that is no number from 1 to 65535",
                $"{Form}; if the password holds special characters, {Encode}"
            );
            return default;
        }

        var isAddress =
            bracket > 0 && colon is -1 ? server.Length == bracket + 1 : bracket <= 0 || colon == bracket + 1;
        if (host is null || bracket < 0 || !isAddress || host.AsSpan().ContainsAny(",@") || host.Length == 0)
        {
            Bad(
                host is "" ? "names no host" : "has a host that is none",
                "name one host, an IPv6 address in brackets: [::1]"
            );
            return default;
        }

        return (bracket > 0 ? host.Trim('[', ']') : host, port);
    }

    private Dictionary<string, string>? Parameters(string query)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = Decode(equals < 0 ? pair : pair[..equals], "parameter name");
            // As in a form, + is a space here; in front of the ? it is itself.
            var value = equals < 0 ? null : Decode(pair[(equals + 1)..].Replace('+', ' '), $"parameter {key}");
            if (key is null || value is null)
            {
                Bad("has a parameter without a value", "write ?name=value&name=value");
                return null;
            }

            if (!found.TryAdd(key, value))
            {
                Bad($"gives {key} twice", "remove one of them");
                return null;
            }
        }

        return found;
    }

    private string? Decode(string text, string part)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)));
                i += length - 1;
            }
            else if (
                i + 2 < text.Length
                && byte.TryParse(
                    text.AsSpan(i + 1, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                && value != 0
            )
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                Bad($"has a % in its {part} that begins no encoded character", "write a % as %25");
                return null;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private DatabaseUrlParts? Bad(string problem, string remedy)
    {
        problems.Add(name, null, problem, remedy);
        return null;
    }
}
