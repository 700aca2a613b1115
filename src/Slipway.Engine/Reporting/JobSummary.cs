using System.Text;
using Nuke.Common.IO;

namespace Nuke.Common.Reporting;

/// <summary>Appends the result to the file that GitHub shows on the run's page; a step may write 1 MiB there.</summary>
internal static class JobSummary
{
    private const int Limit = 900 * 1024;

    public static void Append(AbsolutePath file, string outcome, NukeBuild build, MaskStore masks)
    {
        var text = masks.Mask($"### {outcome}\n\n{ResultTable.Markdown(build.ExecutionPlan, masks)}\n");
        var used = file.FileExists() ? new FileInfo(file).Length : 0;
        file.AppendAllText(Fit(text, Limit - used));
    }

    internal static string Fit(string text, long room)
    {
        const string note = "\n… cut, because the summary is full; the log has the whole table.\n";
        if (Encoding.UTF8.GetByteCount(text) <= room)
        {
            return text;
        }

        var left = room - Encoding.UTF8.GetByteCount(note);
        if (left <= 0)
        {
            return "";
        }

        // Whole lines only: half a row would break the table, half a letter the file.
        var kept = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            left -= Encoding.UTF8.GetByteCount(line) + 1;
            if (left < 0)
            {
                break;
            }

            kept.Append(line).Append('\n');
        }

        return kept.Append(note).ToString();
    }
}
