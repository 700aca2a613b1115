using Slipway.Postgres;

namespace Slipway.Processes;

/// <summary>Finds the file of a program before it is started.</summary>
internal static class ProgramFile
{
    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Why a program could not be started from a folder; null when it could.</summary>
    /// <param name="program">A name that is looked for on PATH, or a path, which begins at the folder.</param>
    /// <param name="folder">Where it is to start; null for the current folder.</param>
    public static string? Problem(string program, string? folder)
    {
        if (!program.Contains('/', StringComparison.Ordinal))
        {
            return SearchPath.Find(program) is null ? $"{program} is not on PATH" : null;
        }

        var path = Path.GetFullPath(program, Path.GetFullPath(folder ?? "."));
        return !File.Exists(path) ? $"there is no file {path}"
            : !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Executable) == UnixFileMode.None
                ? $"{path} is not executable"
            : null;
    }
}
