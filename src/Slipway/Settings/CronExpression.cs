using System.Globalization;

namespace Slipway.Settings;

/// <summary>Reads schedules in cron's five fields.</summary>
internal static class CronExpression
{
    private static readonly string[] Months = "jan feb mar apr may jun jul aug sep oct nov dec".Split(' ');
    private static readonly string[] Days = "sun mon tue wed thu fri sat".Split(' ');
    private static readonly int[] Lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    private static readonly (string Name, int From, int To, string[] Names)[] Fields =
    [
        ("minute", 0, 59, []),
        ("hour", 0, 23, []),
        ("day of month", 1, 31, []),
        ("month", 1, 12, Months),
        ("day of week", 0, 7, Days),
    ];

    /// <summary>What is wrong with a schedule, or null.</summary>
    public static string? Problem(string text) => Read(text, out _);

    /// <summary>The longest time from one run to the next, without changes of the clock; null when it cannot be told.</summary>
    public static TimeSpan? LongestGap(string text)
    {
        if (Read(text, out var values) is not null)
        {
            return null;
        }

        var times = (
            from hour in values[1]
            from minute in values[0]
            select TimeSpan.FromMinutes((hour * 60) + minute)
        ).ToList();
        var longest = times.Zip(times.Skip(1), (one, next) => next - one).DefaultIfEmpty().Max();
        DateTime? last = null;
        // From one leap day to the next, with the long way over 2100.
        for (var day = new DateTime(2096, 1, 1); day.Year < 2106; day = day.AddDays(1))
        {
            if (!IsDue(day, text, values))
            {
                continue;
            }

            var gap = day + times[0] - (last ?? day + times[0]);
            longest = gap > longest ? gap : longest;
            last = day + times[^1];
        }

        return longest > TimeSpan.Zero ? longest : null;
    }

    // Cron runs on either day when both are restricted.
    private static bool IsDue(DateTime day, string text, List<SortedSet<int>> values)
    {
        var parts = Parts(text);
        var ofMonth = values[2].Contains(day.Day);
        var ofWeek =
            values[4].Contains((int)day.DayOfWeek) || (day.DayOfWeek is DayOfWeek.Sunday && values[4].Contains(7));
        var either = parts[2][0] != '*' && parts[4][0] != '*';
        return values[3].Contains(day.Month) && (either ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private static string[] Parts(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static string? Read(string text, out List<SortedSet<int>> values)
    {
        values = [];
        var parts = Parts(text);
        if (parts.Length != Fields.Length)
        {
            return $"has {parts.Length} fields, cron has 5";
        }

        foreach (var (part, field) in parts.Zip(Fields))
        {
            if (Values(part, field) is not { Count: > 0 } found)
            {
                return $"'{part}' is no {field.Name} ({field.From}-{field.To})";
            }

            values.Add(found);
        }

        // Only a day of the month alone can be impossible.
        var (days, months) = (values[2], values[3]);
        return parts[4] is "*" && months.All(month => days.Min > Lengths[month - 1])
            ? "names a day that never comes"
            : null;
    }

    private static SortedSet<int>? Values(string part, (string Name, int From, int To, string[] Names) field)
    {
        var values = new SortedSet<int>();
        foreach (var item in part.Split(','))
        {
            var (range, step) = item.Split('/') switch
            {
                [var all] => (all, 1),
                [var all, var every] => (all, Whole(every) ?? 0),
                _ => ("", 0),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (field.From, field.To),
                [var one] when step > 1 => (Number(one, field), field.To),
                [var one] => (Number(one, field), Number(one, field)),
                [var first, var last] => (Number(first, field), Number(last, field)),
                _ => (null, (int?)null),
            };
            if (
                step < 1
                || from is not { } start
                || to is not { } end
                || start < field.From
                || end > field.To
                || start > end
            )
            {
                return null;
            }

            for (var value = start; value <= end; value += step)
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static int? Number(string text, (string Name, int From, int To, string[] Names) field) =>
        Array.FindIndex(field.Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase))
            is >= 0
                and var index
            ? index + field.From
            : Whole(text);

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
