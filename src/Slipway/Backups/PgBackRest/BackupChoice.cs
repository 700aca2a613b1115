using System.Globalization;

namespace Slipway.Backups.PgBackRest;

/// <summary>Chooses the backup that a restore begins with.</summary>
internal static class BackupChoice
{
    /// <summary>The newest backup that ended before the target.</summary>
    /// <param name="settings">Of which server.</param>
    /// <param name="info">What there is.</param>
    /// <param name="target">Where the restore shall end.</param>
    /// <param name="label">The backup that a person named; null to choose.</param>
    /// <exception cref="PgBackRestException">There is none.</exception>
    public static PgBackRestBackup For(
        PgBackRestSettings settings,
        PgBackRestInfo info,
        RestoreTarget target,
        string? label
    )
    {
        if (info.Backups is not [var oldest, ..])
        {
            throw Refuse($"there is no backup ({info.Status})", "take one with the target Backup and --type full");
        }

        if (label is not null)
        {
            var named =
                info.Backups.FirstOrDefault(backup => backup.Label == label)
                ?? throw Refuse(
                    $"there is no backup {label}",
                    $"choose one of: {string.Join(", ", info.Backups.Select(backup => backup.Label))}"
                );
            return Reaches(named, target) ? named : throw TooEarly(named);
        }

        return info.Backups.LastOrDefault(backup => !backup.HasDamagedPages && Reaches(backup, target))
            ?? throw TooEarly(oldest);

        PgBackRestException TooEarly(PgBackRestBackup backup) =>
            Refuse(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target} is before the end of backup {backup.Label}, {backup.Stopped:u} at {backup.StopLsn}, or the database was damaged"
                ),
                "choose a later point, or a backup that ended before it"
            );

        PgBackRestException Refuse(string what, string hint) => new("restore", settings.Stanza, 75, what, hint);
    }

    // The stop time is cut to the second, so the same second is not enough.
    private static bool Reaches(PgBackRestBackup backup, RestoreTarget target) =>
        (target.Moment is not { } moment || backup.Stopped.AddSeconds(1) <= moment)
        && (target.Lsn is not { } lsn || backup.StopLsn <= lsn);
}
