using System.Runtime.InteropServices;

namespace Slipway.Releases;

/// <summary>A link that points to one thing or the other, never to nothing.</summary>
internal static partial class SymbolicLink
{
    /// <summary>Makes a link, or points it elsewhere in one step.</summary>
    public static void Point(string link, string target)
    {
        var part = $"{link}.part";
        File.Delete(part);
        File.CreateSymbolicLink(part, target);

        // File.Move follows a link to a folder and finds no file; rename(2) takes the link itself.
        if (Rename(part, link) != 0)
        {
            throw new IOException($"{link} cannot point to {target}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Rename(string from, string to);
}
