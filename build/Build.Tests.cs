using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Nuke.Common;
using Slipway.Environments;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Testing;

/// <summary>This repository's own tests.</summary>
partial class Build
{
    [Parameter("Which of this repository's tests run: all, or unit for those that need no server.")]
    readonly string Filter = "all";

    async Task TestOurselves()
    {
        var unit = Filter == "unit";
        Assert.True(unit || Filter == "all", $"--filter is all or unit, not '{Filter}'");
        if (!unit)
        {
            await new PostgresInstaller(Composition.Processes, Composition.Output).EnsureAsync(Stop);
            await EnsureTool("age");
            await EnsureTool("pgbackrest");
            await EnsureTool("npm");
        }

        List<string> words = ["test", "--solution", "Deploy.sln", "--no-progress", "--output", "Normal"];
        if (unit)
        {
            words.AddRange(["--filter-not-trait", "Needs=Server", "--ignore-exit-code", "8"]);
        }

        var command = new Command("dotnet", words) { Folder = RootDirectory, Grace = TimeSpan.FromSeconds(30) };
        var result = await Composition.Processes.RunAsync(command, Composition.Output.Line, Stop);
        var counts = TestCounts.Read(result.Output);
        ReportSummary(summary =>
        {
            summary["Tests"] = counts?.ToString() ?? "no summary was printed";
            return summary;
        });
        _testCounts = counts;
        if (result.ExitCode != 0 || counts is null or { Failed: > 0 } or { Passed: 0 })
        {
            throw new SlipwayException(
                $"Tests ended with exit code {result.ExitCode}: {counts}",
                "see which failed above"
            );
        }
    }

    // Some tests ask other people's programs; without them they are skipped, and fail on CI.
    async Task EnsureTool(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (folders.Any(folder => File.Exists(Path.Combine(folder, name))))
        {
            return;
        }

        try
        {
            await new DebianPackages(Composition.Processes).InstallAsync(name, $"install {name}", Stop);
        }
        catch (CommandFailedException exception)
        {
            Composition.Output.Line($"  {name} is not there and cannot be installed: {exception.Message}");
        }
    }

    TestCounts _testCounts;

    protected override void OnBuildFinished()
    {
        // The last line, where every CI looks for it.
        if (_testCounts is not null)
        {
            Composition.Output.Line(_testCounts.ToString());
        }
    }
}
