using System.Globalization;

namespace Slipway.Backups.Retention;

/// <summary>Grandfather, father, son: the newest backup of each of the last days, weeks, months and years.</summary>
/// <remarks>
/// Periods without a backup do not count, so that backups that stopped do not run out by themselves. Times are UTC.
/// </remarks>
internal static class Generations
{
    /// <summary>Which backups stand for a period, and for which.</summary>
    /// <param name="newestFirst">Verified backups, the newest first.</param>
    /// <param name="policy">How many periods.</param>
    public static IReadOnlyDictionary<string, string> Of(
        IReadOnlyList<StoredBackup> newestFirst,
        RetentionPolicy policy
    )
    {
        (string Name, int Count, Func<DateTime, int> Of)[] periods =
        [
            ("day", policy.Days, time => (time.Year * 1000) + time.DayOfYear),
            ("week", policy.Weeks, time => (ISOWeek.GetYear(time) * 1000) + ISOWeek.GetWeekOfYear(time)),
            ("month", policy.Months, time => (time.Year * 1000) + time.Month),
            ("year", policy.Years, time => time.Year),
        ];
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, count, of) in periods)
        {
            var newest = newestFirst.DistinctBy(backup => of(backup.Manifest.Started.UtcDateTime)).Take(count).ToList();
            for (var place = 0; place < newest.Count; place++)
            {
                found.TryAdd(newest[place].Id, $"newest of its {name}, {place + 1} of {count}");
            }
        }

        return found;
    }
}
