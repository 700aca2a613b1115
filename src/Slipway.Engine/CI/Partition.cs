using System.Globalization;

namespace Nuke.Common.CI;

/// <summary>One part of a run that is split over several machines, as in <c>--partition 2/5</c>.</summary>
public sealed class Partition
{
    private Partition(int part, int total)
    {
        Part = part;
        Total = total;
    }

    /// <summary>The run that is not split.</summary>
    public static Partition Single { get; } = new(1, 1);

    /// <summary>The number of this part, from 1.</summary>
    public int Part { get; }

    /// <summary>The number of parts.</summary>
    public int Total { get; }

    /// <summary>The items that fall to this part.</summary>
    /// <typeparam name="T">The item.</typeparam>
    /// <param name="enumerable">All items, in the same order on every machine.</param>
    public IEnumerable<T> GetCurrent<T>(IEnumerable<T> enumerable) =>
        enumerable.Where((_, index) => index % Total == Part - 1);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Part}/{Total}");

    internal static Partition? TryParse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return
            slash > 0
            && int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var part)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            && part >= 1
            && part <= total
            ? new Partition(part, total)
            : null;
    }
}
