namespace Slipway.Storage;

/// <summary>Makes folders that only their owner may enter.</summary>
internal static class PrivateFolder
{
    /// <summary>Makes every folder from one to another inside it.</summary>
    public static void CreateFrom(string outermost, string path)
    {
        Create(outermost);
        var current = outermost;
        foreach (var name in Path.GetRelativePath(outermost, path).Split(Path.DirectorySeparatorChar))
        {
            current = Path.Combine(current, name);
            Create(current);
        }
    }

    /// <summary>Makes a folder; folders around it that are missing are made as any other.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
