using System.Reflection.PortableExecutable;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>When build.sh builds, what it starts, and what it says when it cannot.</summary>
public sealed class BuildScriptTests
{
    [Fact]
    public async Task Builds_once_and_hands_every_argument_on_untouched()
    {
        using var tree = new ScriptedTree();

        await tree.RunAsync("--help");
        var second = await tree.RunAsync("Deploy", "--env", "", "a b", "$HOME", "'\"*");

        Assert.Equal(0, second.ExitCode);
        Assert.Equal($"[Deploy][--env][][a b][$HOME]['\"*][--root][{tree.Root}]\n", second.Output);
        Assert.Equal(1, tree.Builds);
    }

    [Fact]
    public async Task Builds_again_when_a_source_changed_and_only_its_content_tells()
    {
        using var tree = new ScriptedTree();
        await tree.RunAsync("--help");
        var time = File.GetLastWriteTimeUtc(tree.Source);

        tree.Write("// two\n");
        File.SetLastWriteTimeUtc(tree.Source, time);
        await tree.RunAsync("--help");

        Assert.Equal(2, tree.Builds);
    }

    [Fact]
    public async Task Does_not_build_when_only_times_changed()
    {
        using var tree = new ScriptedTree();
        await tree.RunAsync("--help");

        tree.Write(tree.Read());
        await tree.RunAsync("--help");

        Assert.Equal(1, tree.Builds);
    }

    [Fact]
    public async Task Says_what_does_not_compile_and_runs_nothing_not_even_the_build_before()
    {
        using var tree = new ScriptedTree();
        await tree.RunAsync("--help");
        tree.Write("WRONG\n");

        var outcome = await tree.RunAsync("Hello");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Product.cs(1,1): error CS0001: wrong", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("HINT: mend the errors above; nothing was run.", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[Hello]", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Builds_what_needs_no_compiling_at_its_start()
    {
        using var run = new Run([Project.BuildScript, "--help"], "/", null);
        Assert.Equal(0, (await run.EndAsync()).ExitCode);
        var app = Path.Combine(Path.GetDirectoryName(Project.BuildScript)!, ".nuke", "temp", "build", "current", "app");

        foreach (var name in new[] { "_build.dll", "Slipway.dll", "Slipway.Engine.dll", "Npgsql.dll" })
        {
            using var file = new PEReader(File.OpenRead(Path.Combine(app, name)));
            Assert.True(
                file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0,
                $"{name} holds no code of this machine: dotnet build build/ahead/Ahead.csproj -t:Restore,CompileAhead -p:Folder={app}/"
            );
        }
    }

    [Fact]
    public async Task Never_starts_what_a_killed_build_left()
    {
        using var tree = new ScriptedTree();
        var held = tree.HoldBuilds();
        using var killed = tree.Start("--help");
        using (held)
        {
            await killed.SeesAsync("Building Slipway");
            while (tree.Builds == 0)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            killed.KillHard();
        }

        await killed.EndAsync();
        var outcome = await tree.RunAsync("Hello");

        Assert.Contains("[Hello]", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(2, tree.Builds);
    }

    [Fact]
    public async Task Builds_once_when_two_start_at_once()
    {
        using var tree = new ScriptedTree();
        var both = await Task.WhenAll(tree.RunAsync("One"), tree.RunAsync("Two"));

        Assert.All(both, outcome => Assert.Equal(0, outcome.ExitCode));
        Assert.Equal(1, tree.Builds);
    }

    [Fact]
    public async Task Installs_the_sdk_that_global_json_names_when_there_is_none()
    {
        using var tree = new ScriptedTree();

        var outcome = await tree.RunWithoutSdkAsync(
            """
            echo "asked for $*"
            mkdir -p "$2" && cp "$STANDIN" "$2/dotnet"
            """
        );

        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.Contains("--version 10.0.401 --no-path", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("[Hello]", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_so_when_the_install_script_installed_nothing()
    {
        using var tree = new ScriptedTree();

        var outcome = await tree.RunWithoutSdkAsync("exit 0");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("installed nothing that fits", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Builds_again_when_what_was_built_is_gone()
    {
        using var tree = new ScriptedTree();
        await tree.RunAsync("--help");
        File.Delete(Path.Combine(tree.Root, ".nuke", "temp", "build", "current", "app", "_build.dll"));

        await tree.RunAsync("--help");

        Assert.Equal(2, tree.Builds);
    }

    [Fact]
    public async Task Works_through_a_link_to_it()
    {
        using var tree = new ScriptedTree();
        var link = Path.Combine(Path.GetDirectoryName(tree.Root)!, "deploy");
        File.CreateSymbolicLink(link, Path.Combine("a tree", "build.sh"));

        using var run = tree.StartAs(link, "Hello");
        var outcome = await run.EndAsync();

        Assert.Equal($"[Hello][--root][{tree.Root}]\n", outcome.Output.Split('\n', 2)[1]);
    }

    [Fact]
    public async Task Says_what_to_do_when_the_sdk_cannot_be_downloaded()
    {
        using var tree = new ScriptedTree();

        var outcome = await tree.RunWithoutSdkAsync(null);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("The .NET SDK 10.0.401 could not be installed from", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("HINT: install it by hand", outcome.Output, StringComparison.Ordinal);
    }
}
