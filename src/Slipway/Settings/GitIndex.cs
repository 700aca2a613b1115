using System.Text;

namespace Slipway.Settings;

/// <summary>Looks into git's index without git.</summary>
internal static class GitIndex
{
    /// <summary>True when git tracks a file; false also when that cannot be seen.</summary>
    /// <param name="root">Folder of the repository.</param>
    /// <param name="path">Path in the repository, with <c>/</c>.</param>
    public static bool Tracks(string root, string path)
    {
        var index = Path.Combine(GitFolder(root), "index");
        // Index versions 2 and 3 hold every path as it is, ended by a zero byte.
        return File.Exists(index)
            && File.ReadAllBytes(index).AsSpan().IndexOf(Encoding.UTF8.GetBytes($"{path}\0")) >= 0;
    }

    private static string GitFolder(string root)
    {
        const string Pointer = "gitdir: ";
        var git = Path.Combine(root, ".git");
        return
            File.Exists(git) && File.ReadAllText(git) is var text && text.StartsWith(Pointer, StringComparison.Ordinal)
            ? Path.Combine(root, text[Pointer.Length..].Trim())
            : git;
    }
}
