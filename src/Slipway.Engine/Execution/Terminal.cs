namespace Nuke.Common.Execution;

/// <summary>A person's machine, or a build server that is not known.</summary>
public sealed class Terminal : Host
{
    /// <summary>Whether this host runs the build.</summary>
    public static bool IsRunningTerminal => Instance is Terminal;
}
