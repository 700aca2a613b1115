using System.Globalization;
using System.Text.RegularExpressions;
using NpgsqlTypes;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>Understands the point that a person wants to go back to.</summary>
public static partial class PointInTime
{
    private const string Forms =
        "write a time with its zone, such as 2026-03-14T15:09:26+01:00 or 2026-03-14T14:09:26Z";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mmK",
    ];

    /// <summary>Reads a time with its zone, a position in the write-ahead log, or <c>latest</c>.</summary>
    /// <exception cref="SlipwayException">It is none of them, or a time without a zone.</exception>
    public static RestoreTarget Parse(string text)
    {
        if (text is "latest")
        {
            return RestoreTarget.Latest;
        }

        if (LsnPattern().IsMatch(text))
        {
            return RestoreTarget.At(NpgsqlLogSequenceNumber.Parse(text));
        }

        // A time whose zone is guessed is an hour or two off on the one night when it matters.
        return !ZonePattern().IsMatch(text)
                ? throw Bad(
                    text,
                    Reads(text)
                        ? "is a time without its zone"
                        : "is no time, no position in the write-ahead log and not latest"
                )
            : DateTimeOffset.TryParseExact(
                text,
                Formats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var moment
            )
                ? RestoreTarget.At(moment)
            : throw Bad(text, "is no time");
    }

    /// <summary>Refuses a point that nothing in the repository can reach, before anything is copied.</summary>
    /// <param name="target">The point.</param>
    /// <param name="info">What the repository holds.</param>
    /// <param name="now">The clock.</param>
    /// <param name="segmentBytes">Size of a segment of write-ahead log.</param>
    /// <exception cref="SlipwayException">It is still to come, or was not archived yet.</exception>
    public static void Check(RestoreTarget target, PgBackRestInfo info, DateTimeOffset now, int segmentBytes)
    {
        if (target.Moment > now)
        {
            throw new SlipwayException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target} is still to come: it is {now.UtcDateTime:yyyy-MM-dd HH:mm:ss}+00 now"
                ),
                "choose an earlier point, or --at latest",
                ExitCode.BadInput
            );
        }

        if (target.Lsn is { } lsn && info.NewestWal is { } newest && Segment(lsn, newest, segmentBytes) > newest)
        {
            throw new SlipwayException(
                $"{target} is not archived: the newest segment in the repository is {newest}",
                "choose an earlier point or --at latest; when the server is there, SELECT pg_switch_wal() archives what it has",
                ExitCode.BadInput
            );
        }
    }

    private static WalSegment Segment(NpgsqlLogSequenceNumber lsn, WalSegment newest, int segmentBytes)
    {
        // What ends with a segment needs nothing of the next one.
        var last = Math.Max((ulong)lsn, 1) - 1;
        return newest with { High = (uint)(last >> 32), Low = (uint)((last & uint.MaxValue) / (ulong)segmentBytes) };
    }

    private static bool Reads(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static SlipwayException Bad(string text, string problem) =>
        new($"--at {text} {problem}", $"{Forms}, a position such as 2C/5D000028, or latest", ExitCode.BadInput);

    [GeneratedRegex("^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}\\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LsnPattern();

    [GeneratedRegex(@"\d(?:Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ZonePattern();
}
