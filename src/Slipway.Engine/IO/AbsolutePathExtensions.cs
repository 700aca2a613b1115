namespace Nuke.Common.IO;

/// <summary>What can be done with a path.</summary>
public static class AbsolutePathExtensions
{
    /// <summary>The path when something is there, otherwise null.</summary>
    public static AbsolutePath? Existing(this AbsolutePath path) => path.Exists() ? path : null;

    /// <summary>True when a file or folder is there.</summary>
    public static bool Exists(this AbsolutePath path) => path.FileExists() || path.DirectoryExists();

    /// <summary>True when a file is there.</summary>
    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    /// <summary>True when a folder is there.</summary>
    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    /// <summary>Makes the folder with its parents.</summary>
    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path!);
        return path;
    }

    /// <summary>Makes the folder, or empties it.</summary>
    public static AbsolutePath CreateOrCleanDirectory(this AbsolutePath path)
    {
        path.DeleteDirectory();
        return path.CreateDirectory();
    }

    /// <summary>Removes the file if it is there.</summary>
    public static void DeleteFile(this AbsolutePath path)
    {
        if (path.FileExists())
        {
            File.Delete(path!);
        }
    }

    /// <summary>Removes the folder with its content if it is there.</summary>
    public static void DeleteDirectory(this AbsolutePath path)
    {
        if (path.DirectoryExists())
        {
            Directory.Delete(path!, recursive: true);
        }
    }

    /// <summary>Reads the whole file.</summary>
    public static string ReadAllText(this AbsolutePath path) => File.ReadAllText(path!);

    /// <summary>Reads all lines of the file.</summary>
    public static string[] ReadAllLines(this AbsolutePath path) => File.ReadAllLines(path!);

    /// <summary>Writes the whole file.</summary>
    public static AbsolutePath WriteAllText(this AbsolutePath path, string content)
    {
        path.Parent?.CreateDirectory();
        File.WriteAllText(path!, content);
        return path;
    }

    /// <summary>Files below the folder that match a pattern such as <c>*.cs</c>; <c>**/</c> in front looks into subfolders.</summary>
    public static IReadOnlyCollection<AbsolutePath> GlobFiles(this AbsolutePath path, params string[] patterns) =>
        [
            .. patterns
                .SelectMany(pattern =>
                    Directory.EnumerateFiles(
                        path!,
                        Path.GetFileName(pattern),
                        pattern.Contains("**", StringComparison.Ordinal)
                            ? SearchOption.AllDirectories
                            : SearchOption.TopDirectoryOnly
                    )
                )
                .Select(AbsolutePath.Create),
        ];
}
