namespace Slipway.Backups.PgBackRest;

/// <summary>Evidence that a backup can be restored: it was.</summary>
/// <param name="Stanza">The server.</param>
/// <param name="Backup">The backup.</param>
/// <param name="Target">Where recovery ended, as it was asked for.</param>
/// <param name="LastTransaction">When the last recovered transaction was committed; null when none was recovered.</param>
/// <param name="RestoreTime">How long restoring the files took.</param>
/// <param name="RecoveryTime">How long the server took to recover and accept connections.</param>
/// <param name="CountTime">How long it took to read all rows.</param>
/// <param name="CheckTime">How long pg_amcheck took; null when it is not installed and nothing was checked.</param>
/// <param name="Databases">Every database with its tables and their rows.</param>
public sealed record ProofRecord(
    string Stanza,
    PgBackRestBackup Backup,
    string Target,
    DateTimeOffset? LastTransaction,
    TimeSpan RestoreTime,
    TimeSpan RecoveryTime,
    TimeSpan CountTime,
    TimeSpan? CheckTime,
    IReadOnlyDictionary<string, IReadOnlyList<TableRows>> Databases
)
{
    /// <summary>How long it takes on this machine until the application can connect again.</summary>
    public TimeSpan TimeToRecover => RestoreTime + RecoveryTime;
}
