using Slipway.Migrations;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Benchmarks;

/// <summary>What the product does with pending migrations, in a process of its own, without the steps of a deploy around it.</summary>
internal static class MigrateOnce
{
    public static async Task RunAsync(DatabaseUrl url, string folder)
    {
        var settings = new MigrationSettings(
            folder,
            TimeSpan.FromMilliseconds(500),
            TimeSpan.FromMinutes(15),
            TimeSpan.FromMinutes(1)
        );
        var status = await Migrator.StatusAsync(url, settings, CancellationToken.None);
        var output = new RunOutput(Console.Out, interactive: false, TimeProvider.System);
        await new Migrator(output).DeployAsync(url, settings, status.Planned, CancellationToken.None);
    }
}
