using Slipway.Backups;
using Slipway.Backups.Age;
using Slipway.Backups.PgBackRest;
using Slipway.Processes;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Deploys;

/// <summary>The capabilities of one environment, put together from its settings.</summary>
internal sealed record DeployParts
{
    /// <summary>The settings.</summary>
    public required DeploymentEnvironment Environment { get; init; }

    /// <summary>Where backups, records and locks are.</summary>
    public required IObjectStore Store { get; init; }

    /// <summary>Knows the backups.</summary>
    public required BackupCatalog Backups { get; init; }

    /// <summary>How backups are written and opened.</summary>
    public required BackupOptions BackupOptions { get; init; }

    /// <summary>Takes backups.</summary>
    public required BackupWriter Writer { get; init; }

    /// <summary>Reads them back.</summary>
    public required BackupVerifier Verifier { get; init; }

    /// <summary>Backs the whole server up; null when it is not.</summary>
    public ServerBackups? Servers { get; init; }

    /// <summary>Knows the releases.</summary>
    public required ReleaseBook Book { get; init; }

    /// <summary>Brings them to their users.</summary>
    public required Releaser Releaser { get; init; }

    /// <summary>Puts them together.</summary>
    /// <exception cref="SettingsException">The backups' key cannot be used.</exception>
    public static DeployParts Of(
        DeploymentEnvironment environment,
        DeployOptions options,
        IProcessRunner processes,
        HttpMessageHandler http
    )
    {
        var output = options.Output;
        var store = options.OpenStore(environment);
        var book = new ReleaseBook(store, environment.Name, output.Time);
        var catalog = new BackupCatalog(store, environment.Name, output);
        var backups = BackupsOf(environment);
        return new()
        {
            Environment = environment,
            Store = store,
            Backups = catalog,
            BackupOptions = backups,
            Writer = new(store, catalog, backups, processes, output),
            Verifier = new(store, catalog, backups, output),
            Servers = ServersOf(environment, store, processes, output),
            Book = book,
            Releaser =
                environment.Release.Strategy is ReleaseStrategy.Process
                    ? new ProcessReleaser(environment, options.Proxy, processes, http, output)
                    : new CommandReleaser(environment, book, processes, http, output),
        };
    }

    private static ServerBackups? ServersOf(
        DeploymentEnvironment environment,
        IObjectStore store,
        IProcessRunner processes,
        RunOutput output
    ) =>
        PgBackRestSettings.Of(environment) is { } settings && environment.Backup.Server is { } server
            ? new(
                new(settings, processes),
                new(server.ScratchFolder) { PreloadLibraries = server.PreloadLibraries },
                new(store, environment.Name, settings.Stanza, output),
                processes,
                output
            )
            : null;

    private static BackupOptions BackupsOf(DeploymentEnvironment environment)
    {
        var settings = environment.Backup;
        var written = new BackupOptions
        {
            Encrypts = settings.EncryptionEnabled,
            CompressionLevel = settings.CompressionLevel,
            Jobs = settings.Jobs,
            LockTimeout = settings.LockTimeout,
        };
        if (settings.EncryptionKey is not { } secret)
        {
            return written with { Encrypts = false };
        }

        return BackupKey.TryParse("BACKUP_ENCRYPTION_KEY", secret, out var key, out var problem)
            ? written with
            {
                Key = key,
            }
            : throw new SettingsException(environment.Name, [problem]);
    }
}
