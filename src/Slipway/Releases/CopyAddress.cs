using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Writes a database address anew so that it leads to a copy, with everything else of it as it was.</summary>
internal static class CopyAddress
{
    /// <summary>The address with the server, login and name of the copy, and its own scheme and parameters.</summary>
    /// <param name="address">The address as the application has it; one that is empty has no parameters.</param>
    /// <param name="copy">The copy; only its parts are looked at, for its text may still be that of the original.</param>
    public static string Of(string address, DatabaseUrl copy)
    {
        var scheme = address.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) ? "postgres" : "postgresql";
        var question = address.IndexOf('?', StringComparison.Ordinal);
        var parameters = (question < 0 ? $"schema={Escaped(copy.Schema)}" : address[(question + 1)..])
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => !pair.StartsWith("host=", StringComparison.Ordinal));

        // A folder with a socket cannot stand where a host stands.
        var isSocket = copy.Host.StartsWith('/');
        var host =
            isSocket ? "localhost"
            : copy.Host.Contains(':', StringComparison.Ordinal) ? $"[{copy.Host}]"
            : copy.Host;
        var query = string.Join('&', isSocket ? parameters.Append($"host={Escaped(copy.Host)}") : parameters);
        var password = copy.Password is { } secret ? $":{Escaped(secret.Reveal())}" : "";
        var mark = query.Length > 0 ? "?" : "";
        return $"{scheme}://{Escaped(copy.User)}{password}@{host}:{copy.Port}/{Escaped(copy.Database)}{mark}{query}";
    }

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
