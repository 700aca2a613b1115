using System.Runtime.CompilerServices;

namespace Slipway.Tests;

/// <summary>Holds the table of who may know whom inside the product (.github/adr/0001-folders-are-capabilities.md).</summary>
public sealed class ArrowsTests
{
    private static readonly string[] Foundation =
    [
        "Checks",
        "Runs",
        "Environments",
        "Hosts",
        "Storage",
        "Postgres",
        "Processes",
        "Settings",
    ];

    private static readonly Dictionary<string, string[]> Beyond = new(StringComparer.Ordinal)
    {
        ["Migrations"] = ["Backups"],
        ["Releases"] = ["Health"],
        ["Reports"] = [],
        ["Deploys"] =
        [
            "Approvals",
            "Backups",
            "Health",
            "Migrations",
            "Monitoring",
            "Notifications",
            "Releases",
            "Reports",
            "Testing",
        ],
    };

    [Fact]
    public void Every_folder_knows_only_what_the_table_allows()
    {
        var source = Path.Combine(Root(), "src", "Slipway");
        var wrong =
            from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            let folder = Path.GetRelativePath(source, file).Split(Path.DirectorySeparatorChar)[0]
            from line in File.ReadLines(file)
            where line.StartsWith("using Slipway.", StringComparison.Ordinal)
            let other = line["using Slipway.".Length..].TrimEnd(';').Split('.')[0]
            where !Allowed(folder, other)
            select $"{Path.GetRelativePath(source, file)} uses {other}";

        Assert.Empty(wrong);
    }

    private static bool Allowed(string folder, string other) =>
        folder.Equals(other, StringComparison.Ordinal)
        || Beyond.GetValueOrDefault(folder, []).Contains(other)
        || (folder is "Settings" ? [] : Foundation).Contains(other);

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
