using System.Text;
using Slipway.Runs;

namespace Slipway.Migrations.Rehearsal;

/// <summary>A rehearsal for a person, in lines that fit a terminal.</summary>
internal static class RehearsalText
{
    private const int Width = 96;

    /// <summary>The lines.</summary>
    public static string Of(RehearsalReport report)
    {
        var text = new StringBuilder();
        var width = report.Migrations.Max(migration => migration.Name.Length);
        foreach (var migration in report.Migrations)
        {
            var verdict = Word(migration.Verdict).PadRight("contract".Length);
            var duration = RunOutput.Duration(migration.Trace.Duration).PadLeft(8);
            text.Append(
                $"{migration.Name.PadRight(width)}  {verdict}  {duration}  undo: {Word(migration.Undo.Outcome)}\n"
            );
            foreach (var reason in migration.Reasons)
            {
                Append(text, "", reason);
            }

            foreach (var finding in migration.Findings)
            {
                Append(text, finding.IsOverBudget ? "! " : "", $"line {finding.Line} {finding.What}");
                Append(text, "  → ", finding.Remedy);
            }

            foreach (var difference in migration.Undo.Differences)
            {
                Append(text, "undone: ", difference);
            }
        }

        return text.ToString();
    }

    /// <summary>The word for an outcome.</summary>
    public static string Word(UndoOutcome outcome) =>
        outcome switch
        {
            UndoOutcome.None => "none",
            UndoOutcome.Lossless => "proven, nothing lost",
            UndoOutcome.Lossy => "loses something",
            _ => "fails",
        };

    private static string Word(SchemaVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static void Append(StringBuilder text, string lead, string words)
    {
        var line = new StringBuilder("    ").Append(lead);
        foreach (var word in words.Split(' '))
        {
            if (line.Length + word.Length > Width && line.ToString().Trim().Length > 0)
            {
                text.Append(line.ToString().TrimEnd()).Append('\n');
                line.Clear().Append(' ', 4 + Math.Max(2, lead.Length));
            }

            line.Append(word).Append(' ');
        }

        text.Append(line.ToString().TrimEnd()).Append('\n');
    }
}
