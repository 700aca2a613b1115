using System.Globalization;

namespace Slipway.Backups;

/// <summary>Ages for people, as short as they can be.</summary>
internal static class Elapsed
{
    /// <summary><c>40 s</c>, <c>9 min</c>, <c>26 h</c>, <c>12 d</c>; with a minus when it is still to come.</summary>
    public static string Text(TimeSpan span) =>
        span < TimeSpan.Zero
            ? $"-{Text(-span)}"
            : span switch
            {
                { TotalMinutes: < 1 } => Number(span.TotalSeconds, "s"),
                { TotalHours: < 1 } => Number(span.TotalMinutes, "min"),
                { TotalHours: < 48 } => Number(span.TotalHours, "h"),
                _ => Number(span.TotalDays, "d"),
            };

    // Never rounded up: what is 26 h old has reached 26 h.
    private static string Number(double value, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(value):0} {unit}");
}
