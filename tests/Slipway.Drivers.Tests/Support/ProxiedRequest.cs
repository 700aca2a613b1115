using System.Globalization;
using System.Text;

namespace Slipway.Drivers.Tests.Support;

/// <summary>A request as it came to the proxy.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Its path and query.</param>
/// <param name="Headers">Its header lines.</param>
internal sealed record ProxiedRequest(string Method, string Target, IReadOnlyList<string> Headers)
{
    /// <summary>Number of the part that it sends; null when it sends none.</summary>
    public int? Part
    {
        get
        {
            var at = Target.IndexOf("partNumber=", StringComparison.Ordinal);
            return Method is "PUT" && at >= 0
                ? int.Parse(Target[(at + 11)..].Split('&')[0], CultureInfo.InvariantCulture)
                : null;
        }
    }

    public int BodyLength => int.Parse(Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);

    public bool WaitsForGoAhead => Header("Expect") is not null;

    public static ProxiedRequest Parse(byte[] head)
    {
        var lines = Encoding.ASCII.GetString(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        return new(words[0], words[1], lines[1..]);
    }

    public string? Header(string name) =>
        Headers
            .FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))
            ?[(name.Length + 1)..].Trim();

    /// <summary>The head as it goes on to the server.</summary>
    public byte[] Head()
    {
        var lines = Headers.Where(line =>
            !line.StartsWith("Expect:", StringComparison.OrdinalIgnoreCase)
            && !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)
        );
        return Encoding.ASCII.GetBytes(
            string.Join("\r\n", [$"{Method} {Target} HTTP/1.1", .. lines, "Connection: close", "", ""])
        );
    }
}
