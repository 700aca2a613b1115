using System.Diagnostics.CodeAnalysis;

namespace Nuke.Common.Tooling;

/// <summary>Demands something of a process, and reads what it has written.</summary>
public static class ProcessExtensions
{
    /// <summary>Waits for the end, and fails when the timeout comes first.</summary>
    /// <param name="process">The process.</param>
    public static IProcess AssertWaitForExit([NotNull] this IProcess? process)
    {
        process.NotNull();
        Assert.True(
            process.WaitForExit(),
            $"Process '{process.FileName}' did not end within its timeout and was killed"
        );
        return process;
    }

    /// <summary>Waits for the end, and fails unless the exit code is 0.</summary>
    /// <param name="process">The process.</param>
    public static IProcess AssertZeroExitCode([NotNull] this IProcess? process)
    {
        process.AssertWaitForExit();
        return process.ExitCode == 0 ? process : throw new ProcessException(process);
    }

    /// <summary>What was written to standard output, as one text.</summary>
    /// <param name="output">The lines.</param>
    public static string StdToText(this IEnumerable<Output> output) =>
        string.Join(Environment.NewLine, output.Where(line => line.Type == OutputType.Std).Select(line => line.Text));
}
