using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Slipway.Backups.Copying;

/// <summary>
/// A file's name in a backup: <c>database.dump.zst.age</c> as it was taken, and
/// <c>database.dump-20260315T120000Z-1f0c9a2b.zst.age</c> as it was later given to other keys.
/// </summary>
/// <param name="Base">What it holds.</param>
/// <param name="Made">When it was made; null when the backup was taken with it.</param>
internal sealed partial record ArchiveName(string Base, DateTimeOffset? Made)
{
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>A name for another file of the same content; never the same twice, so that two writers do not meet.</summary>
    public static string Another(string name, DateTimeOffset now)
    {
        var match = Pattern().Match(name);
        var stamp = now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture);
        return match.Success
            ? $"{match.Groups["base"].Value}-{stamp}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}{match.Groups["end"].Value}"
            : throw new ArgumentException($"{name} is no archive", nameof(name));
    }

    /// <summary>Reads one; null when it is none.</summary>
    public static ArchiveName? Of(string name)
    {
        var match = Pattern().Match(name);
        if (!match.Success)
        {
            return null;
        }

        DateTimeOffset? made = DateTimeOffset.TryParseExact(
            match.Groups["stamp"].Value,
            Stamp,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;
        return new(match.Groups["base"].Value, made);
    }

    [GeneratedRegex(
        @"^(?<base>.+?)(-(?<stamp>[0-9]{8}T[0-9]{6}Z)-[0-9a-f]{8})?(?<end>\.zst(\.age)?)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}
