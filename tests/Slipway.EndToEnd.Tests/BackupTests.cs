using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>The targets around backups, as a person runs them.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly Project _project = new();

    [Fact]
    public async Task A_backup_is_taken_listed_proven_copied_and_restored()
    {
        await _project.DeployWellAsync();
        var first = await _project.LiveAsync();

        Assert.Contains("encrypted, read back", await DoneAsync("Backup"), StringComparison.Ordinal);
        Assert.Contains("by itself", await DoneAsync("Backups"), StringComparison.Ordinal);
        Assert.Contains(
            "restored and compared",
            await DoneAsync("BackupVerify", "--verify-level", "2"),
            StringComparison.Ordinal
        );
        Assert.Contains("restore test     ok", await DoneAsync("BackupStatus"), StringComparison.Ordinal);
        Assert.Contains("removes nothing", await DoneAsync("BackupPrune", "--dry-run"), StringComparison.Ordinal);
        Assert.Contains(
            "3 of 3 done",
            await DoneAsync("BackupCopy", "--to", ".nuke/temp/copy"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is in database beside",
            await DoneAsync("Restore", "--to", "beside"),
            StringComparison.Ordinal
        );

        // Nothing was written since the backup, so nobody has to be asked.
        var restored = await DoneAsync("Restore");

        Assert.Contains("Nothing was written since the backup", restored, StringComparison.Ordinal);
        Assert.Equal(first, await _project.LiveAsync());
        Assert.False(_project.IsLocked);
        await DoneAsync("HealthCheck");
    }

    [Fact]
    public async Task A_restore_that_would_lose_rows_asks_and_without_a_terminal_changes_nothing()
    {
        await _project.DeployWellAsync();
        await DoneAsync("Backup");
        await _project.SqlAsync("INSERT INTO notes (title) VALUES ('later')");

        var outcome = await _project.RunAsync("Restore", "--env", "local");

        Assert.True(outcome.ExitCode == 3, outcome.Output);
        Assert.Contains("public.notes", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("nobody can be asked", outcome.Output, StringComparison.Ordinal);
        Assert.False(_project.IsLocked);
        await DoneAsync("HealthCheck");
    }

    [Theory]
    [InlineData("BackupCopy")]
    [InlineData("BackupVerify", "--verify-level", "3")]
    [InlineData("BackupVerify", "--backup", "2001")]
    [InlineData("Restore", "--only-table", "public.notes")]
    public async Task A_wrong_word_is_refused(params string[] words)
    {
        await _project.DeployWellAsync();

        var outcome = await _project.RunAsync([.. words, "--env", "local"]);

        Assert.True(outcome.ExitCode == 2, outcome.Output);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private async Task<string> DoneAsync(params string[] words)
    {
        var outcome = await _project.RunAsync([.. words, "--env", "local"]);
        Assert.True(outcome.ExitCode == 0, outcome.Output);
        return outcome.Output;
    }
}
