using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Backups whose process is killed: what they left is never taken for a backup, and the next one tidies up.</summary>
public sealed class BackupKillTests : IAsyncLifetime
{
    private readonly Project _project = new();

    private string Backups => _project.PathOf(".nuke/temp/local/store/backups/local");

    [Fact]
    public async Task Half_a_backup_is_never_listed_and_the_next_one_removes_it()
    {
        await _project.DeployWellAsync();
        await _project.SqlAsync(
            "CREATE TABLE ballast AS SELECT n AS id, md5(n::text) AS a, md5((n + 1)::text) AS b FROM generate_series(1, 400000) AS n"
        );
        await BackupAsync();
        var size = Files("database.dump*").Max(file => file.Length);

        foreach (var share in new[] { 0, 0.05, 0.25, 0.5, 0.75, 1 })
        {
            await KillAtAsync((long)(size * share));
            await OnlyThoseWithAManifestAreListedAsync();
        }

        // A file that is still empty may belong to a writer who is just about to lock it, for a minute.
        foreach (var empty in Files("*.part").Where(file => file.Length == 0))
        {
            empty.LastWriteTimeUtc = DateTime.UtcNow.AddMinutes(-2);
        }

        await BackupAsync();
        Assert.Empty(Files("*.part"));
        foreach (var id in await OnlyThoseWithAManifestAreListedAsync())
        {
            var verified = await _project.RunAsync("BackupVerify", "--env", "local", "--backup", id);
            Assert.True(verified.ExitCode == 0, verified.Output);
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private FileInfo[] Files(string pattern) =>
        new DirectoryInfo(Backups).GetFiles(pattern, SearchOption.AllDirectories);

    private async Task BackupAsync()
    {
        var outcome = await _project.RunAsync("Backup", "--env", "local");
        Assert.True(outcome.ExitCode == 0, outcome.Output);
    }

    // A run that was quicker than we looked has ended by itself, which is as good.
    private async Task KillAtAsync(long bytes)
    {
        var before = Files("*").Select(file => file.FullName).ToHashSet(StringComparer.Ordinal);
        using var run = _project.Start("Backup", "--env", "local");
        while (!run.HasEnded && Written(before) is var written && (written is null || written < bytes))
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        run.KillIfAlive();
        await run.EndAsync();
    }

    // What the new dump has in the store by now, under its own name or the one while it is written.
    private long? Written(HashSet<string> before)
    {
        try
        {
            return Files("database.dump*")
                .Where(file => !before.Contains(file.FullName))
                .Max(file => (long?)file.Length);
        }
        catch (IOException)
        {
            // Renamed or removed at this moment.
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> OnlyThoseWithAManifestAreListedAsync()
    {
        var listed = await _project.RunAsync("Backups", "--env", "local");
        Assert.True(listed.ExitCode == 0, listed.Output);
        var whole = Files("manifest.json").Select(file => file.Directory!.Name).ToList();
        Assert.Equal(
            whole.Order(StringComparer.Ordinal),
            Directory
                .GetDirectories(Backups)
                .Select(folder => Path.GetFileName(folder))
                .Where(id => listed.Output.Contains(id, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        return whole;
    }
}
