namespace Slipway.Backups;

/// <summary>Shares things out to groups of about the same weight.</summary>
internal static class Balance
{
    // Each group is a process of its own, which may have to read a whole archive: one of less than a tenth costs more than it saves.
    private const int WorthAStream = 10;

    /// <summary>
    /// The heaviest first, each to the group with the least. Each group keeps the order, and the last group has the last of all.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<int>> Groups(IReadOnlyList<(int Id, long Weight)> items, int count)
    {
        var groups = Enumerable.Range(0, Math.Min(items.Count, count)).Select(_ => new HashSet<int>()).ToList();
        var weights = new long[groups.Count];
        foreach (var (id, weight) in items.OrderByDescending(item => item.Weight))
        {
            var least = Array.IndexOf(weights, weights.Min());
            weights[least] += weight;
            groups[least].Add(id);
        }

        var places = items.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        return
        [
            .. groups.Select(group => group.OrderBy(id => places[id]).ToList()).OrderBy(group => places[group[^1]]),
        ];
    }

    /// <summary>As many groups as there may be, unless one of them is too light to be worth it.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> WorthTheirWhile(
        IReadOnlyList<(int Id, long Weight)> items,
        int count
    )
    {
        var total = items.Sum(item => item.Weight);
        var weights = items.ToDictionary(item => item.Id, item => item.Weight);
        for (; ; count--)
        {
            var groups = Groups(items, count);
            if (
                groups.Count <= 1
                || groups.All(group => group.Sum(id => weights[id]) >= total / (WorthAStream * count))
            )
            {
                return groups;
            }
        }
    }
}
