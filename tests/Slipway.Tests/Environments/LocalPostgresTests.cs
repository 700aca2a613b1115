using System.Diagnostics;
using Slipway.Environments;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Tests.Support;

namespace Slipway.Tests.Environments;

[Trait("Needs", "Server")]
public sealed class LocalPostgresTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ends_a_server_whose_files_are_damaged()
    {
        using var folder = new TemporaryFolder();
        using var printed = new StringWriter();
        var server = new LocalPostgres(
            folder["postgres"],
            new ProcessRunner(TimeProvider.System),
            new RunOutput(printed, interactive: false, TimeProvider.System)
        );
        await server.UpAsync(Token);
        var id = int.Parse((await File.ReadAllLinesAsync(folder["postgres/data/postmaster.pid"], Token))[0], null);
        using var process = Process.GetProcessById(id);
        File.Delete(folder["postgres/data/PG_VERSION"]);

        await server.EndAsync(Token);

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)), printed.ToString());
        Assert.Contains("ending the server by its process", printed.ToString(), StringComparison.Ordinal);
        Assert.Null(await server.RunningAsync(Token));
    }
}
