using System.Globalization;

namespace Slipway.Settings;

/// <summary>Durations as an environment file writes them: a whole number and <c>ms</c>, <c>s</c>, <c>min</c>, <c>h</c> or <c>d</c>.</summary>
internal static class Duration
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("min", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    // What timers take.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>Reads a duration of at most 24 days; null when it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        var unit = Units.FirstOrDefault(unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        return
            unit.Unit is not null
            && int.TryParse(text[..^unit.Unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= Longest / unit.Length
            ? count * unit.Length
            : null;
    }

    public static string Text(TimeSpan span)
    {
        var unit = Units.OrderByDescending(unit => unit.Length).First(unit => span.Ticks % unit.Length.Ticks == 0);
        return $"{span.Ticks / unit.Length.Ticks}{unit.Unit}";
    }
}
