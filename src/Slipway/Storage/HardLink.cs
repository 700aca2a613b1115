using System.Runtime.InteropServices;

namespace Slipway.Storage;

/// <summary>Gives a file a second name, unless the name is taken.</summary>
internal static partial class HardLink
{
    /// <summary>Makes the second name.</summary>
    /// <exception cref="IOException">The name is taken, or the file system has no hard links.</exception>
    public static void Create(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(existing, name);
        }
        else if (Link(existing, name) != 0)
        {
            throw new IOException($"{name}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);
}
