using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Slipway.Tests.Support;

/// <summary>A program from the npm registry, in a version of its own: installed once, and kept for the next run.</summary>
internal static class NpmTool
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Installed = new(StringComparer.Ordinal);

    /// <summary>The path of the program.</summary>
    /// <param name="packages">Packages with their versions, such as <c>dbmate@2.36.0</c>, separated by spaces.</param>
    /// <param name="program">The program that it brings.</param>
    public static Task<string> PathAsync(string packages, string program) =>
        Installed.GetOrAdd(packages, name => new(() => InstallAsync(name, program))).Value;

    private static async Task<string> InstallAsync(string packages, string program)
    {
        Tool.Require("npm");
        var folder = Path.Combine(Root(), ".nuke", "temp", "tools", packages.Replace('/', '_').Replace(' ', '_'));
        var path = Path.Combine(folder, "node_modules", ".bin", program);
        if (!File.Exists(path))
        {
            // Whole or not at all: another run may look at the same time, or this one may be killed.
            var fresh = $"{folder}.{Guid.NewGuid():N}";
            Directory.CreateDirectory(fresh);
            string[] install =
            [
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                // None of these needs its own, and some fetch from elsewhere.
                "--ignore-scripts",
                "--prefix",
                fresh,
                .. packages.Split(' '),
            ];
            var result = await Tool.TryRunAsync("npm", install);
            if (result.ExitCode != 0)
            {
                Tool.Miss($"{packages} cannot be installed: {result.Error}");
            }

            try
            {
                Directory.Move(fresh, folder);
            }
            catch (IOException) when (File.Exists(path))
            {
                Directory.Delete(fresh, recursive: true);
            }
        }

        return path;
    }

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
