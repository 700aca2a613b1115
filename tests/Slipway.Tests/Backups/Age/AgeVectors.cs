using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Age;

/// <summary>The official vectors (C2SP/CCTV), which their authors publish as an npm package.</summary>
internal static partial class AgeVectors
{
    private const string Package = "cctv-age";
    private const string Version = "0.2.0";
    private const string Sha256 = "3b795b89c8500746cdb23abf7176511683d31b5a50129676267aab2346bf161c";

    public static async Task<IReadOnlyList<AgeVector>> LoadAsync()
    {
        var file = Path.Combine(Folder(), $"{Package}-{Version}.tgz");
        if (!File.Exists(file))
        {
            await FetchAsync(file);
        }

        var text = await ScriptAsync(file);
        Assert.Equal(Sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        return
        [
            .. Vector()
                .Matches(text)
                .Select(match =>
                    AgeVector.Read(match.Groups["name"].Value, Convert.FromBase64String(match.Groups["data"].Value))
                )
                .OrderBy(vector => vector.Name, StringComparer.Ordinal),
        ];
    }

    // Fetched beside its place, so that an interrupted one is not taken for it.
    private static async Task FetchAsync(string file)
    {
        Tool.Require("npm");
        using var folder = new TemporaryFolder();
        var fetched = await Tool.TryRunAsync(
            "npm",
            "pack",
            $"{Package}@{Version}",
            "--silent",
            "--pack-destination",
            folder.Path
        );
        if (fetched.ExitCode != 0)
        {
            Tool.Miss($"npm cannot fetch {Package} {Version}: {fetched.Error}");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var beside = $"{file}.{Guid.NewGuid():N}";
        File.Copy(folder[Path.GetFileName(file)], beside);
        File.Move(beside, file, overwrite: true);
    }

    private static async Task<string> ScriptAsync(string file)
    {
        await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        await using var archive = new TarReader(packed);
        while (await archive.GetNextEntryAsync(copyData: false, TestContext.Current.CancellationToken) is { } entry)
        {
            if (entry is { Name: "package/index.js", DataStream: { } data })
            {
                return await new StreamReader(data).ReadToEndAsync(TestContext.Current.CancellationToken);
            }
        }

        throw new InvalidDataException($"{file} holds no index.js");
    }

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../../.nuke/temp/age-vectors"));

    [GeneratedRegex(
        """// \.\./testdata/(?<name>\w+)\nvar \w+ = __toBinary\("(?<data>[^"]*)"\)""",
        RegexOptions.None,
        10_000
    )]
    private static partial Regex Vector();
}
