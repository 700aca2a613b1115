using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Status;

/// <summary>Looks at the backups of an environment, says how it stands with them, and tells the monitoring.</summary>
/// <param name="store">Where backups and records are.</param>
/// <param name="catalog">Knows the backups.</param>
/// <param name="settings">The backup policy; the thresholds follow its schedule.</param>
/// <param name="options">How new backups are written.</param>
/// <param name="output">Gets the table.</param>
public sealed class BackupStatusCheck(
    IObjectStore store,
    BackupCatalog catalog,
    BackupSettings settings,
    BackupOptions options,
    RunOutput output
)
{
    /// <summary>Looks at the backups of the whole server; null when none are taken.</summary>
    public ServerBackupStatus? Server { get; init; }

    /// <summary>Judges, prints, and writes the metrics.</summary>
    /// <param name="json">True prints JSON.</param>
    /// <param name="metrics">Path of the text file for Prometheus; null writes none.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Failed when anything is not as it should be.</returns>
    public async Task<ExitCode> RunAsync(bool json, string? metrics, CancellationToken cancellationToken)
    {
        var facts = await ObserveAsync(cancellationToken);
        var status = BackupJudge.Judge(facts);
        output.Line((json ? status.Json() : status.Text()).TrimEnd('\n'));
        if (metrics is not null)
        {
            await BackupMetrics.WriteAsync(metrics, BackupMetrics.Text(facts, status), cancellationToken);
        }

        return status.ExitCode;
    }

    /// <summary>Looks.</summary>
    public async Task<BackupStatusFacts> ObserveAsync(CancellationToken cancellationToken)
    {
        var backups = await catalog.ListAsync(cancellationToken);
        return new()
        {
            Environment = catalog.Environment,
            Now = output.Time.GetUtcNow(),
            Backups = backups,
            Attempts = await BackupAttempts.ReadAsync(store, catalog.Environment, backups, output, cancellationToken),
            Enabled = settings.Enabled,
            Encrypts = options is { Encrypts: true, Key: not null },
            KeyIds = options.Key?.KeyIds ?? [],
            Thresholds = BackupThresholds.Of(settings),
            Server = Server is null ? null : await Server.ObserveAsync(cancellationToken),
        };
    }
}
