using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Slipway.Tests.Support;

/// <summary>A program from the npm registry, in a version of its own: installed once, and kept for the next run.</summary>
internal static class NpmTool
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Installed = new(StringComparer.Ordinal);

    /// <summary>The path of the program.</summary>
    /// <param name="package">The package with its version, such as <c>dbmate@2.36.0</c>.</param>
    /// <param name="program">The program that it brings.</param>
    public static Task<string> PathAsync(string package, string program) =>
        Installed.GetOrAdd(package, name => new(() => InstallAsync(name, program))).Value;

    private static async Task<string> InstallAsync(string package, string program)
    {
        Tool.Require("npm");
        var folder = Path.Combine(Root(), ".nuke", "temp", "tools", package.Replace('/', '_'));
        var path = Path.Combine(folder, "node_modules", ".bin", program);
        if (!File.Exists(path))
        {
            // Whole or not at all: another run may look at the same time, or this one may be killed.
            var fresh = $"{folder}.{Guid.NewGuid():N}";
            Directory.CreateDirectory(fresh);
            var result = await Tool.TryRunAsync(
                "npm",
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--prefix",
                fresh,
                package
            );
            if (result.ExitCode != 0)
            {
                Tool.Miss($"{package} cannot be installed: {result.Error}");
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
