using System.Globalization;

namespace Slipway.Backups.Restoring;

/// <summary>Which transactions a snapshot sees, as <c>pg_current_snapshot()</c> tells it: <c>10:20:12,15</c>.</summary>
/// <param name="Next">The first number that was not given away yet.</param>
/// <param name="Running">How many transactions before it were under way, which the snapshot does not see.</param>
internal sealed record TransactionSnapshot(long Next, int Running)
{
    public static TransactionSnapshot Parse(string text) =>
        text.Split(':') is [_, var next, var running]
            ? new(
                long.Parse(next, CultureInfo.InvariantCulture),
                running.Split(',', StringSplitOptions.RemoveEmptyEntries).Length
            )
            : throw new FormatException($"'{text}' is no snapshot");
}
