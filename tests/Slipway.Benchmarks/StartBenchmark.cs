using System.Runtime.CompilerServices;

namespace Slipway.Benchmarks;

/// <summary>How long it takes from the command to the first target, when nothing has to be built.</summary>
internal static class StartBenchmark
{
    public static Contest Contest()
    {
        var peer = Directory.CreateDirectory(Path.Combine(Root(), ".nuke", "temp", "benchmarks", "start")).FullName;
        File.WriteAllText(Path.Combine(peer, "package.json"), """{"name":"peer","scripts":{"plan":"true"}}""");
        File.WriteAllText(
            Path.Combine(peer, "peer.proj"),
            """<Project><Target Name="Plan"><Message Text="plan" /></Target></Project>"""
        );
        return new(
            "Start of a target that does nothing",
            [
                new("./build.sh Deploy --plan", [Path.Combine(Root(), "build.sh"), "Deploy", "--plan"], Root()),
                new("npm run", ["npm", "run", "plan"], peer),
                new("dotnet msbuild -t:Plan", ["dotnet", "msbuild", "peer.proj", "-t:Plan", "-nologo"], peer),
            ]
        );
    }

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
