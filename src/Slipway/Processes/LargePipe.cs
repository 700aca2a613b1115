using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Slipway.Processes;

/// <summary>Pipes that hold a mebibyte instead of 64 KiB, where the system can do that.</summary>
internal static partial class LargePipe
{
    private const int SetPipeSize = 1031;

    /// <summary>What such a pipe holds.</summary>
    public const int Size = 1 << 20;

    /// <summary>Makes one of a pipe.</summary>
    /// <returns>False when it stays what it was: not on Linux, or too many of this user's are large.</returns>
    public static bool Enlarge(PipeStream pipe) =>
        OperatingSystem.IsLinux() && Control(pipe.SafePipeHandle, SetPipeSize, Size) > 0;

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeHandle file, int command, int argument);
}
