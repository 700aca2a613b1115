using System.Globalization;

namespace Slipway.Benchmarks;

/// <summary>How much a process's children used of the processors, from Linux's <c>/proc</c>.</summary>
internal static class CpuTime
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of all children that have ended; none where there is no <c>/proc</c>.</summary>
    public static TimeSpan OfChildren(int process)
    {
        var file = $"/proc/{process}/stat";
        if (!File.Exists(file))
        {
            return TimeSpan.Zero;
        }

        // Behind the name, which may hold blanks: the state is the first word, cutime and cstime the 14th and 15th.
        var words = File.ReadAllText(file).Split(") ")[^1].Split(' ');
        var ticks = words[13..15].Sum(word => long.Parse(word, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
