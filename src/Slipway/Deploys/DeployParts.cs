using Slipway.Backups;
using Slipway.Releases;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Deploys;

/// <summary>The capabilities of one environment, put together from its settings.</summary>
/// <param name="Environment">The settings.</param>
/// <param name="Store">Where backups, records and locks are.</param>
/// <param name="Backups">Takes and verifies backups.</param>
/// <param name="Book">Knows the releases.</param>
/// <param name="Releaser">Brings them to their users.</param>
internal sealed record DeployParts(
    DeploymentEnvironment Environment,
    IObjectStore Store,
    BackupWriter Backups,
    ReleaseBook Book,
    Releaser Releaser
);
