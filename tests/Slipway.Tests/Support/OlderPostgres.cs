using System.Globalization;

namespace Slipway.Tests.Support;

/// <summary>A server's programs that are older than the newest here: installed beside, or taken from Debian's release before.</summary>
internal static class OlderPostgres
{
    private const string Installed = "/usr/lib/postgresql";
    private static readonly string[] Packages = ["postgresql-13", "libssl1.1", "libicu67", "libldap-2.4-2"];

    /// <summary>The folder of its programs, and that of libraries which they need; skips the test where there are none.</summary>
    public static async Task<(string Programs, string? Libraries)> FindAsync(string folder)
    {
        var installed = (Directory.Exists(Installed) ? Directory.GetDirectories(Installed) : [])
            .Select(path => (Path: Path.Combine(path, "bin"), Major: Path.GetFileName(path)))
            .Where(found => File.Exists(Path.Combine(found.Path, "initdb")))
            .OrderBy(found => int.TryParse(found.Major, CultureInfo.InvariantCulture, out var major) ? major : 0)
            .ToList();
        if (installed is [var oldest, _, ..])
        {
            return (oldest.Path, null);
        }

        if (!Environment.IsPrivilegedProcess || !IsBookworm())
        {
            Assert.Skip("only one major of PostgreSQL is installed, and only root on Debian 12 can fetch an older one");
        }

        await FetchAsync(folder);
        var root = Path.Combine(folder, "root", "usr", "lib");
        return (Path.Combine(root, "postgresql", "13", "bin"), Directory.GetDirectories(root, "*-linux-gnu").Single());
    }

    // Into a folder of its own: nothing is installed, and apt's own lists stay as they are.
    private static async Task FetchAsync(string folder)
    {
        foreach (var made in new[] { "lists/partial", "cache/archives/partial", "root" })
        {
            Directory.CreateDirectory(Path.Combine(folder, made));
        }

        await File.WriteAllTextAsync(
            Path.Combine(folder, "sources.list"),
            "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bullseye main\n",
            TestContext.Current.CancellationToken
        );
        var apt =
            $"apt-get -q -o Dir::Etc::sourcelist={folder}/sources.list -o Dir::Etc::sourceparts=/dev/null "
            + $"-o Dir::State::lists={folder}/lists -o Dir::Cache={folder}/cache";
        await Tool.RunAsync(
            "sh",
            "-c",
            $"cd {folder} && chmod 755 . && {apt} update && {apt} download {string.Join(' ', Packages)} "
                + "&& for package in *.deb; do dpkg -x \"$package\" root; done"
        );
    }

    private static bool IsBookworm() =>
        File.Exists("/etc/os-release")
        && File.ReadAllText("/etc/os-release").Contains("VERSION_CODENAME=bookworm", StringComparison.Ordinal);
}
