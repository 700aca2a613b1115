using System.Text.RegularExpressions;

namespace Slipway.Storage;

/// <summary>A file that a folder's object is written to before it gets its name; locked as long as its writer lives.</summary>
/// <remarks>
/// The writer's lock is a shared one: readers take shared ones too, so that nobody is refused an object that has its name
/// while its writer is just ending. Who gets an exclusive one knows that the writer is dead: the kernel frees the lock of a
/// process that ends in any way.
/// </remarks>
internal static partial class PartFile
{
    // Each lost to a sweep that ran in that very moment.
    private const int Attempts = 1000;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(24);
    private static readonly TimeSpan Opening = TimeSpan.FromMinutes(1);

    /// <summary>True for the name of such a file.</summary>
    public static bool Is(string name) => Pattern().IsMatch(name);

    /// <summary>The name that it would have got.</summary>
    public static string Target(string name) => Pattern().Replace(name, "");

    /// <summary>Makes one beside its target, and the folders below the outermost one where there are none.</summary>
    public static FileStream Create(string outermost, string target)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                PrivateFolder.CreateFrom(outermost, Path.GetDirectoryName(target)!);
                var stream = new FileStream($"{target}.{Guid.NewGuid():N}.part", Options());
                if (File.Exists(stream.Name))
                {
                    return stream;
                }

                stream.Dispose();
            }
            catch (DirectoryNotFoundException) when (attempt < Attempts)
            {
                // Swept, or its folder was, before it was locked.
            }
        }
    }

    /// <summary>Removes those whose writers are dead.</summary>
    /// <returns>What was removed.</returns>
    public static IReadOnlyList<string> Sweep(IReadOnlyList<string> parts)
    {
        if (parts.Count == 0)
        {
            return [];
        }

        var (locks, now) = Probe(Path.GetDirectoryName(parts[0])!);
        return [.. parts.Where(part => IsDue(new(part), locks, now) && TryRemove(part))];
    }

    // Some network file systems know no locks; there only time tells, by their own clock. And a file is made before it is
    // locked: whoever finds it in between must not take its writer for dead.
    private static bool IsDue(FileInfo part, bool locks, DateTime now)
    {
        var age = now - part.LastWriteTimeUtc;
        return part.Exists && (locks ? part.Length > 0 || age > Opening : age > Abandoned);
    }

    private static (bool Locks, DateTime Now) Probe(string folder)
    {
        using var probe = Create(folder, Path.Combine(folder, "probe"));
        try
        {
            using var other = Take(probe.Name);
            return (other is null, File.GetLastWriteTimeUtc(probe.Name));
        }
        finally
        {
            File.Delete(probe.Name);
        }
    }

    private static bool TryRemove(string path)
    {
        using var taken = Take(path);
        if (taken is null || !File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    private static FileStream? Take(string path)
    {
        try
        {
            var share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
            return new(path, FileMode.Open, FileAccess.ReadWrite, share);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In use, somebody else's, or gone.
            return null;
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 1 << 20,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        return options;
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.part$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}
