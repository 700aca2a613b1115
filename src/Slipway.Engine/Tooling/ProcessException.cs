namespace Nuke.Common.Tooling;

/// <summary>A process ended with an exit code other than 0.</summary>
#pragma warning disable RCS1194 // It is about a process, always.
#pragma warning disable MA0053 // Builds may derive from it, as with NUKE.
public class ProcessException : Exception
{
    /// <summary>Tells of a process that has ended.</summary>
    /// <param name="process">The process.</param>
    public ProcessException(IProcess process)
        : base(Text(process)) => ExitCode = process.ExitCode;

    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; }

    private static string Text(IProcess process)
    {
        var errors = process.Output.Where(line => line.Type == OutputType.Err).Select(line => $"\n   {line.Text}");
        return $"Process '{Path.GetFileName(process.FileName)}' exited with code {process.ExitCode}.\n"
            + $"   > {process.FileName} {process.Arguments}\n   @ {process.WorkingDirectory}{string.Concat(errors)}";
    }
}
