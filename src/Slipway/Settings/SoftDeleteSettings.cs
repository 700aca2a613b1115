namespace Slipway.Settings;

/// <summary>What happens to rows that users deleted.</summary>
public sealed record SoftDeleteSettings
{
    /// <summary>How long they can be brought back (<c>SOFT_DELETE_GRACE_PERIOD_DAYS</c>); default 30 days.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromDays(30);

    /// <summary>When they are removed for good (<c>PERMANENT_DELETE_SCHEDULE</c>, cron); default <c>0 3 * * *</c>.</summary>
    public string Schedule { get; init; } = "0 3 * * *";
}
