using Slipway.Settings;

namespace Slipway.Backups.Retention;

/// <summary>Which backups are kept. Only verified ones count; the others are there as long as they are young.</summary>
public sealed record RetentionPolicy
{
    /// <summary>Everything younger is kept; default 7 days.</summary>
    public TimeSpan KeepWithin { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Of so many days the newest backup is kept; default 7. Days without one do not count.</summary>
    public int Days { get; init; } = 7;

    /// <summary>Of so many weeks the newest backup is kept; default 4.</summary>
    public int Weeks { get; init; } = 4;

    /// <summary>Of so many months the newest backup is kept; default 6.</summary>
    public int Months { get; init; } = 6;

    /// <summary>Of so many years the newest backup is kept; default none.</summary>
    public int Years { get; init; }

    /// <summary>So many of the newest are kept however old they are; default 3.</summary>
    public int Minimum { get; init; } = 3;

    /// <summary>Files without a manifest are a killed run's once they are so old; default 24 h.</summary>
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A clock that is so far ahead of the newest backup is not believed; default 400 days.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromDays(400);

    /// <summary>How long what was erased in the database can still be in a backup.</summary>
    public TimeSpan Horizon =>
        new[]
        {
            KeepWithin,
            TimeSpan.FromDays(Days),
            TimeSpan.FromDays(7 * Weeks),
            TimeSpan.FromDays(31 * Months),
            TimeSpan.FromDays(366 * Years),
        }.Max();

    /// <summary>The policy of an environment: its days, and the generations of the default.</summary>
    public static RetentionPolicy Of(BackupSettings settings) =>
        new() { KeepWithin = TimeSpan.FromDays(settings.RetentionDays) };
}
