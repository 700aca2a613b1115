using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Bad input is refused with exit code 2 before anything is touched.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private readonly Project _project = new();

    [Theory]
    [InlineData("Deploy --env nowhere", "nowhere")]
    [InlineData("Deploy", "--env")]
    [InlineData("Deplyo --env local", "Deploy")]
    [InlineData("Deploy --evn local", "--env")]
    [InlineData("Deploy --env local --dry-run=perhaps", "perhaps")]
    public async Task A_wrong_word_on_the_command_line_is_refused(string arguments, string named)
    {
        var outcome = await _project.RunAsync(arguments.Split(' '));

        Assert.True(outcome.ExitCode == 2, outcome.Output);
        Assert.Contains(named, outcome.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_project.PathOf(".nuke/temp/local")));
    }

    [Fact]
    public async Task Every_wrong_setting_is_reported_together()
    {
        _project.Configure(settings =>
        {
            settings["helth"] = new JsonObject();
            settings["migrations"]!["lockTimeout"] = "soon";
            settings["release"]!["keep"] = "many";
        });

        var outcome = await _project.DeployAsync();

        Assert.True(outcome.ExitCode == 2, outcome.Output);
        Assert.Contains("helth", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("lockTimeout", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("keep", outcome.Output, StringComparison.Ordinal);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _project.DisposeAsync();
}
