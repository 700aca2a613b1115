namespace Nuke.Common.Tooling;

/// <summary>A process that was started.</summary>
public interface IProcess : IDisposable
{
    /// <summary>The executable.</summary>
    string FileName { get; }

    /// <summary>The command line after the executable, with secrets masked.</summary>
    string Arguments { get; }

    /// <summary>The folder it runs in.</summary>
    string WorkingDirectory { get; }

    /// <summary>The lines written so far.</summary>
    IReadOnlyCollection<Output> Output { get; }

    /// <summary>The exit code of the ended process.</summary>
    int ExitCode { get; }

    /// <summary>Whether the process has ended.</summary>
    bool HasExited { get; }

    /// <summary>Kills the process and its children.</summary>
    void Kill();

    /// <summary>Waits for the end; false when the timeout came first and the process was killed.</summary>
    bool WaitForExit();
}
