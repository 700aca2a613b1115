using Slipway.Settings;

namespace Slipway.Backups.Status;

/// <summary>What is good enough.</summary>
public sealed record BackupThresholds
{
    private static readonly TimeSpan Slack = TimeSpan.FromHours(2);

    /// <summary>The newest verified backup is not older; default 26 h: a day and 2 h.</summary>
    public TimeSpan Newest { get; init; } = TimeSpan.FromHours(26);

    /// <summary>How far back attempts are counted; default 30 days.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromDays(30);

    /// <summary>More of the attempts succeed, from 0 to 1; default 0.99.</summary>
    public double SuccessRate { get; init; } = 0.99;

    /// <summary>A backup is smaller than the median before it by less, from 0 to 1; default 0.3.</summary>
    public double Shrinkage { get; init; } = 0.3;

    /// <summary>So many backups make the median; default 7.</summary>
    public int Sample { get; init; } = 7;

    /// <summary>A backup takes less; default 30 min.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The last restore test is not older; default 7 days.</summary>
    public TimeSpan RestoreTest { get; init; } = TimeSpan.FromDays(7);

    /// <summary>No backup stays unverified for longer; default 24 h.</summary>
    public TimeSpan Unverified { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The thresholds of an environment: its newest backup is from the schedule's last run, and 2 h.</summary>
    public static BackupThresholds Of(BackupSettings settings)
    {
        var thresholds = new BackupThresholds();
        return CronExpression.LongestGap(settings.Schedule) is { } gap
            ? thresholds with
            {
                Newest = gap + Slack,
            }
            : thresholds;
    }
}
