using Slipway.Backups;
using Slipway.Backups.Restoring;
using Slipway.Migrations;
using Slipway.Migrations.Rehearsal;
using Slipway.Settings;
using Slipway.Tests.Backups.Restoring;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Rehearsal;

/// <summary>A database with a backup, and migrations to be tried on it.</summary>
internal sealed class RehearsalSite : IDisposable
{
    private readonly RestoreSite _site = new();
    private readonly TemporaryFolder _migrations = new();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public RestoreSite Restores => _site;

    public RehearsalSettings Settings { get; init; } = RehearsalSettings.Default;

    /// <summary>Where the history is; null for the usual.</summary>
    public string? Table { get; init; }

    public MigrationSettings Migrations =>
        new(_migrations.Path, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5))
        {
            Format = "prisma",
            Table = Table,
        };

    public Rehearser Rehearser => new(new RestoreVerifier(_site.Restorer, _site.Catalog), Settings, _site.Output);

    /// <summary>Adds a migration.</summary>
    public RehearsalSite With(string name, string up, string? down = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_migrations.Path, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "migration.sql"), up);
        if (down is not null)
        {
            File.WriteAllText(Path.Combine(folder, "down.sql"), down);
        }

        return this;
    }

    /// <summary>Applies to the database itself what is pending.</summary>
    public async Task DeployAsync(DatabaseUrl url) =>
        await new Migrator(_site.Output).DeployAsync(
            url,
            Migrations,
            (await Migrator.StatusAsync(url, Migrations, Token)).Planned,
            Token
        );

    public async Task<RehearsalReport> RunAsync(
        DatabaseUrl url,
        Func<DatabaseUrl, CancellationToken, Task>? trial = null
    )
    {
        var manifest = await _site.BackupAsync(url);
        return await RunAsync(manifest, url, trial);
    }

    public async Task<RehearsalReport> RunAsync(
        BackupManifest manifest,
        DatabaseUrl url,
        Func<DatabaseUrl, CancellationToken, Task>? trial = null
    ) => await RunAsync(manifest, url, await Migrator.StatusAsync(url, Migrations, Token), trial);

    public Task<RehearsalReport> RunAsync(
        BackupManifest manifest,
        DatabaseUrl url,
        MigrationStatus planned,
        Func<DatabaseUrl, CancellationToken, Task>? trial = null
    ) =>
        Rehearser.RunAsync(
            manifest,
            new(url, null, null, null),
            Migrations,
            MigrationSet.Read(Migrations),
            planned,
            trial ?? ((_, _) => Task.CompletedTask),
            Token
        );

    public void Dispose()
    {
        _site.Dispose();
        _migrations.Dispose();
    }
}
