using System.Diagnostics;
using System.Text;
using Serilog;

namespace Nuke.Common.Tooling;

/// <summary>Starts processes.</summary>
public static class ProcessTasks
{
    /// <summary>Starts a command line in the system's shell.</summary>
    /// <param name="command">The command line.</param>
    /// <param name="workingDirectory">The folder it runs in; null is the current one.</param>
    /// <param name="environmentVariables">Its whole environment; null is the current one.</param>
    /// <param name="timeout">Milliseconds after which it is killed; null waits for ever.</param>
    /// <param name="logOutput">Whether its lines are logged; null logs them.</param>
    /// <param name="logInvocation">Whether its command line is logged; null logs it.</param>
    /// <param name="logger">Receives every line instead of the log.</param>
    /// <param name="outputFilter">Changes what is logged, to hide secrets.</param>
    public static IProcess StartShell(
        string command,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string>? logger = null,
        Func<string, string>? outputFilter = null
    )
    {
        var start = new ProcessStartInfo(
            EnvironmentInfo.IsWin ? ToolResolver.PathOf("cmd") : ToolResolver.FindOnPath("bash") ?? "/bin/sh"
        );
        if (EnvironmentInfo.IsWin)
        {
            // cmd reads its own line, and takes one pair of quotes off it.
            start.Arguments = $"/c \"{command}\"";
        }
        else
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(command);
        }

        Prepare(start, workingDirectory, environmentVariables);
        return Start(start, command, timeout, logOutput, logInvocation, logger, outputFilter);
    }

    /// <summary>Starts a program.</summary>
    /// <param name="toolPath">Its path, or a name that is looked for on PATH; a <c>.dll</c> is run by dotnet.</param>
    /// <param name="arguments">The command line after it.</param>
    /// <param name="workingDirectory">The folder it runs in; null is the current one.</param>
    /// <param name="environmentVariables">Its whole environment; null is the current one.</param>
    /// <param name="timeout">Milliseconds after which it is killed; null waits for ever.</param>
    /// <param name="logOutput">Whether its lines are logged; null logs them.</param>
    /// <param name="logInvocation">Whether its command line is logged; null logs it.</param>
    /// <param name="logger">Receives every line instead of the log.</param>
    /// <param name="outputFilter">Changes what is logged, to hide secrets.</param>
    public static IProcess StartProcess(
        string toolPath,
        string? arguments = null,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string>? logger = null,
        Func<string, string>? outputFilter = null
    )
    {
        var isAssembly = toolPath.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = isAssembly
            ? new ProcessStartInfo(ToolResolver.PathOf("dotnet"), $"\"{toolPath}\" {arguments}".TrimEnd())
            : new ProcessStartInfo(ToolResolver.PathOf(toolPath), arguments ?? "");
        Prepare(start, workingDirectory, environmentVariables);
        return Start(start, start.Arguments, timeout, logOutput, logInvocation, logger, outputFilter);
    }

    private static void Prepare(
        ProcessStartInfo start,
        string? workingDirectory,
        IReadOnlyDictionary<string, string>? environmentVariables
    )
    {
        start.UseShellExecute = false;
        start.WorkingDirectory = workingDirectory ?? EnvironmentInfo.WorkingDirectory;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        Assert.DirectoryExists(start.WorkingDirectory!);
        if (environmentVariables is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environmentVariables)
            {
                start.Environment[name] = value;
            }
        }
    }

    private static StartedProcess Start(
        ProcessStartInfo start,
        string arguments,
        int? timeout,
        bool? logOutput,
        bool? logInvocation,
        Action<OutputType, string>? logger,
        Func<string, string>? outputFilter
    )
    {
        var filter = outputFilter ?? (text => text);
        if (logInvocation ?? true)
        {
            Log.Information("> {ToolPath:l} {Arguments:l}", start.FileName, filter(arguments));
        }

        return new(start, filter(arguments), timeout, logOutput ?? true ? logger ?? LogLine : (_, _) => { }, filter);
    }

    // Many programs report their progress on standard error, so a line there is no error yet.
    private static void LogLine(OutputType type, string line) => Log.Debug("{Line:l}", line);
}
