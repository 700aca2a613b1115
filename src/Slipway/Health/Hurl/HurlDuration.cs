using System.Globalization;

namespace Slipway.Health.Hurl;

/// <summary>Reads durations such as <c>500ms</c>, <c>2s</c> and <c>1m</c>; a bare number is milliseconds.</summary>
internal static class HurlDuration
{
    private static readonly (string Unit, int Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("", 1)];

    public static TimeSpan? Parse(string text)
    {
        var (unit, milliseconds) = Units.First(item => text.EndsWith(item.Unit, StringComparison.Ordinal));
        return int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromMilliseconds((double)number * milliseconds)
            : null;
    }
}
