namespace Nuke.Common.Tooling;

/// <summary>Finds programs, and makes them callable.</summary>
public static class ToolResolver
{
    /// <summary>A program by its path.</summary>
    /// <param name="toolPath">The path.</param>
    public static Tool GetTool(string toolPath)
    {
        Assert.FileExists(toolPath);
        return (arguments, folder, variables, timeout, logOutput, logInvocation, logger, exitHandler) =>
        {
            using var process = ProcessTasks.StartProcess(
                toolPath,
                arguments,
                folder,
                variables,
                timeout,
                logOutput,
                logInvocation,
                logger
            );
            process.AssertWaitForExit();
            (exitHandler ?? (ended => ended.AssertZeroExitCode()))(process);
            return process.Output;
        };
    }

    /// <summary>A program on PATH.</summary>
    /// <param name="name">Its name.</param>
    public static Tool GetPathTool(string name) => GetTool(PathOf(name));

    /// <summary>A program whose path is in the environment variable <c>NAME_EXE</c>; null when that is not set.</summary>
    /// <param name="name">Its name.</param>
    public static Tool? TryGetEnvironmentTool(string name) =>
        EnvironmentInfo.GetVariable($"{name.ToUpperInvariant()}_EXE") is { Length: > 0 } path ? GetTool(path) : null;

    /// <summary>A program whose path is in the environment variable <c>NAME_EXE</c>, or else on PATH.</summary>
    /// <param name="name">Its name.</param>
    public static Tool GetEnvironmentOrPathTool(string name) => TryGetEnvironmentTool(name) ?? GetPathTool(name);

    internal static string PathOf(string name)
    {
        var path = name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Path.GetFullPath(name)
            : FindOnPath(name);
        Assert.True(path is not null && File.Exists(path), $"Program '{name}' is not there; looked for on PATH");
        return path;
    }

    internal static string? FindOnPath(string name)
    {
        var endings = EnvironmentInfo.IsWin ? ["", ".exe", ".cmd", ".bat", ".com"] : (string[])[""];
        return (EnvironmentInfo.GetVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending)))
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path)
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != UnixFileMode.None);
    }
}
