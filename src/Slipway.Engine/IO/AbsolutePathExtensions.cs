using System.Security.Cryptography;

namespace Nuke.Common.IO;

/// <summary>Looks at files and folders, makes them and removes them.</summary>
public static partial class AbsolutePathExtensions
{
    /// <summary>Whether a file is there.</summary>
    /// <param name="path">The path.</param>
    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    /// <summary>Whether a folder is there.</summary>
    /// <param name="path">The path.</param>
    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    /// <summary>Whether a file or folder is there.</summary>
    /// <param name="path">The path.</param>
    public static bool Exists(this AbsolutePath path) => path.FileExists() || path.DirectoryExists();

    /// <summary>The path when it is a file that is there, otherwise null.</summary>
    /// <param name="path">The path.</param>
    public static AbsolutePath? ExistingFile(this AbsolutePath path) => path.FileExists() ? path : null;

    /// <summary>The path when it is a folder that is there, otherwise null.</summary>
    /// <param name="path">The path.</param>
    public static AbsolutePath? ExistingDirectory(this AbsolutePath path) => path.DirectoryExists() ? path : null;

    /// <summary>Makes the folder and those above it.</summary>
    /// <param name="path">The folder.</param>
    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Makes the folder, or removes all that is in it.</summary>
    /// <param name="path">The folder.</param>
    public static AbsolutePath CreateOrCleanDirectory(this AbsolutePath path)
    {
        path.DeleteDirectory();
        return path.CreateDirectory();
    }

    /// <summary>Removes the file when it is there.</summary>
    /// <param name="path">The file.</param>
    public static void DeleteFile(this AbsolutePath path)
    {
        if (path.FileExists())
        {
            File.SetAttributes(path, FileAttributes.Normal);
            File.Delete(path);
        }
    }

    /// <summary>Removes the folder and all that is in it when it is there.</summary>
    /// <param name="path">The folder.</param>
    public static void DeleteDirectory(this AbsolutePath path)
    {
        if (path.DirectoryExists())
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Removes the files that are there.</summary>
    /// <param name="paths">The files.</param>
    public static void DeleteFiles(this IEnumerable<AbsolutePath> paths) => paths.ToList().ForEach(DeleteFile);

    /// <summary>Removes the folders that are there.</summary>
    /// <param name="paths">The folders.</param>
    public static void DeleteDirectories(this IEnumerable<AbsolutePath> paths) =>
        paths.ToList().ForEach(DeleteDirectory);

    /// <summary>Whether another path is below this one.</summary>
    /// <param name="path">The upper path.</param>
    /// <param name="child">The lower path.</param>
    public static bool Contains(this AbsolutePath path, AbsolutePath child)
    {
        for (var parent = child.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent == path)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The way from one path to another.</summary>
    /// <param name="path">Where to start.</param>
    /// <param name="destination">Where to go.</param>
    public static string GetRelativePathTo(this AbsolutePath path, AbsolutePath destination) =>
        Path.GetRelativePath(path, destination);

    /// <summary>The way from one path to another, with forward slashes.</summary>
    /// <param name="path">Where to start.</param>
    /// <param name="destination">Where to go.</param>
    public static string GetUnixRelativePathTo(this AbsolutePath path, AbsolutePath destination) =>
        path.GetRelativePathTo(destination).Replace('\\', '/');

    /// <summary>The SHA-256 of a file, in lower-case hexadecimal.</summary>
    /// <param name="path">The file.</param>
    public static string GetFileHash(this AbsolutePath path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The files of a folder, in ordinal order.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="pattern">A name with wildcards.</param>
    /// <param name="depth">How many levels to look at; 1 is the folder alone.</param>
    /// <param name="attributes">Attributes that the files must have.</param>
    public static IEnumerable<AbsolutePath> GetFiles(
        this AbsolutePath path,
        string pattern = "*",
        int depth = 1,
        FileAttributes attributes = FileAttributes.None
    ) => Entries(path, pattern, depth, attributes, Directory.GetFiles);

    /// <summary>The folders of a folder, in ordinal order.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="pattern">A name with wildcards.</param>
    /// <param name="depth">How many levels to look at; 1 is the folder alone.</param>
    /// <param name="attributes">Attributes that the folders must have.</param>
    public static IEnumerable<AbsolutePath> GetDirectories(
        this AbsolutePath path,
        string pattern = "*",
        int depth = 1,
        FileAttributes attributes = FileAttributes.None
    ) => Entries(path, pattern, depth, attributes, Directory.GetDirectories);

    /// <summary>The files below a folder that match any of the patterns, in ordinal order.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="patterns">Paths with <c>*</c>, <c>?</c>, <c>**</c>, <c>{a,b}</c>; a leading <c>!</c> leaves out.</param>
    public static IReadOnlyCollection<AbsolutePath> GlobFiles(this AbsolutePath directory, params string[] patterns) =>
        Globbing.Match(directory, patterns, folders: false);

    /// <summary>The folders below a folder that match any of the patterns, in ordinal order.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="patterns">Paths with <c>*</c>, <c>?</c>, <c>**</c>, <c>{a,b}</c>; a leading <c>!</c> leaves out.</param>
    public static IReadOnlyCollection<AbsolutePath> GlobDirectories(
        this AbsolutePath directory,
        params string[] patterns
    ) => Globbing.Match(directory, patterns, folders: true);

    private static IEnumerable<AbsolutePath> Entries(
        AbsolutePath path,
        string pattern,
        int depth,
        FileAttributes attributes,
        Func<string, string, string[]> list
    )
    {
        var found = list(path, pattern)
            .Where(entry => (File.GetAttributes(entry) & attributes) == attributes)
            .Order(StringComparer.Ordinal)
            .Select(AbsolutePath.Create);
        return depth <= 1
            ? found
            : found.Concat(
                path.GetDirectories().SelectMany(folder => Entries(folder, pattern, depth - 1, attributes, list))
            );
    }
}
