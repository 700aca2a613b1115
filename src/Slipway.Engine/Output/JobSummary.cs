using Nuke.Common.Execution;

namespace Nuke.Common.Output;

/// <summary>Puts the result table on the page of a GitHub job.</summary>
internal static class JobSummary
{
    // GitHub drops a summary over 1 MiB without failing the step.
    private const long Limit = 900 * 1024;

    public static void Write(IReadOnlyCollection<ExecutableTarget> plan)
    {
        if (BuildContext.Variable("GITHUB_STEP_SUMMARY") is not { Length: > 0 } path)
        {
            return;
        }

        var file = new FileInfo(path);
        var text = SummaryTable.Markdown(plan);
        if ((file.Exists ? file.Length : 0) + text.Length < Limit)
        {
            File.AppendAllText(path, text + "\n");
        }
    }
}
