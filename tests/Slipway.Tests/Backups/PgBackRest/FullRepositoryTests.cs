using Slipway.Backups.PgBackRest;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

/// <summary>A repository without room; apart from the others, because pgBackRest tries again after 15 s.</summary>
[Trait("Needs", "Server")]
public sealed class FullRepositoryTests(BackedUpServer server) : IClassFixture<BackedUpServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_so_and_goes_on_when_there_is_room_again()
    {
        await server.UpAsync();
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("only root can make a small disk");
        }

        var folder = Path.Combine(
            ((FolderRepository)server.Settings.Repository).Path,
            "backup",
            server.Settings.Stanza
        );
        var owner = await Tool.RunAsync("stat", "-c", "%u", folder);
        var size = $"size=1m,uid={owner},mode=0750";
        using var kept = new TemporaryFolder();
        await BackedUpServer.RunAsync("sh", ["-c", $"cp -a {folder}/backup.info* {kept.Path}"]);
        await BackedUpServer.RunAsync("mount", ["-t", "tmpfs", "-o", size, "tmpfs", folder]);
        try
        {
            await BackedUpServer.RunAsync("sh", ["-c", $"cp -a {kept.Path}/* {folder}"]);

            var full = await Assert.ThrowsAsync<PgBackRestException>(() =>
                server.Engine.BackupAsync(BackupType.Full, null, Stop)
            );

            Assert.Equal(64, full.Code);
            Assert.Contains("a disk is full", full.Hint, StringComparison.Ordinal);
        }
        finally
        {
            await BackedUpServer.RunAsync("umount", [folder]);
        }

        await server.Engine.BackupAsync(BackupType.Incremental, null, Stop);
    }
}
