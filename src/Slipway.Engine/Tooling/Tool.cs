namespace Nuke.Common.Tooling;

/// <summary>Runs a tool to its end and returns what it has written.</summary>
/// <param name="arguments">The command line after the tool's name.</param>
/// <param name="workingDirectory">The folder it runs in; null is the current one.</param>
/// <param name="environmentVariables">Its whole environment; null is the current one.</param>
/// <param name="timeout">Milliseconds after which it is killed; null waits for ever.</param>
/// <param name="logOutput">Whether its lines are logged; null logs them.</param>
/// <param name="logInvocation">Whether its command line is logged; null logs it.</param>
/// <param name="logger">Receives every line instead of the log.</param>
/// <param name="exitHandler">Judges the ended process; null demands exit code 0.</param>
public delegate IReadOnlyCollection<Output> Tool(
    string arguments = "",
    string? workingDirectory = null,
    IReadOnlyDictionary<string, string>? environmentVariables = null,
    int? timeout = null,
    bool? logOutput = null,
    bool? logInvocation = null,
    Action<OutputType, string>? logger = null,
    Action<IProcess>? exitHandler = null
);
