using System.Runtime.InteropServices;

namespace Slipway.Processes;

/// <summary>Sends signals to processes; on Windows there is only the kill.</summary>
internal static partial class Signals
{
    private const int Termination = 15;
    private const int Killing = 9;

    /// <summary>Asks a process to stop.</summary>
    /// <returns>False when it could not be told so.</returns>
    public static bool Terminate(int processId) => !OperatingSystem.IsWindows() && Kill(processId, Termination) == 0;

    /// <summary>Ends a process at once.</summary>
    /// <returns>False when there was none to end.</returns>
    public static bool End(int processId) => !OperatingSystem.IsWindows() && Kill(processId, Killing) == 0;

    /// <summary>Asks a process group to stop.</summary>
    /// <param name="leader">Process id of its leader.</param>
    /// <returns>False when there is no such group.</returns>
    public static bool TerminateGroup(int leader) => !OperatingSystem.IsWindows() && Kill(-leader, Termination) == 0;

    /// <summary>Ends a process group at once.</summary>
    /// <param name="leader">Process id of its leader.</param>
    /// <returns>False when there is no such group.</returns>
    public static bool EndGroup(int leader) => !OperatingSystem.IsWindows() && Kill(-leader, Killing) == 0;

    /// <summary>True when a process group with this leader has members, even such as have ended and were not reaped.</summary>
    public static bool GroupExists(int leader) =>
        !OperatingSystem.IsWindows() && (Kill(-leader, 0) == 0 || Marshal.GetLastPInvokeError() == 1);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
