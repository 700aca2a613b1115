using System.Text.RegularExpressions;
using Slipway.Settings;

namespace Slipway.Tests.Support;

/// <summary>A schema as <c>pg_dump</c> writes it.</summary>
internal static class SchemaDump
{
    public static async Task<string> OfAsync(DatabaseUrl url)
    {
        var dump = await Tool.RunAsync(
            "pg_dump",
            "-s",
            "-h",
            url.Host,
            "-p",
            $"{url.Port}",
            "-U",
            url.User,
            url.Database
        );
        // A word of its own for every dump, against what may be written in it.
        return Regex.Replace(dump, @"^\\(?:un)?restrict .*$", "", RegexOptions.Multiline, TimeSpan.FromSeconds(10));
    }
}
