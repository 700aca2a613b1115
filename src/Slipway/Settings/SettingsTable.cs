using System.Text;

namespace Slipway.Settings;

/// <summary>Prints what is in force and where each value came from.</summary>
public static class SettingsTable
{
    private const int Width = 100;

    /// <summary>The settings, the variables, and the warnings, no line longer than 100 characters.</summary>
    public static string Text(SettingsResult result)
    {
        var text = new StringBuilder();
        Section(text, $"Settings of {result.Environment.Name}", result.Origins, SettingKind.Setting);
        Section(text, "Variables the application gets", result.Origins, SettingKind.Variable);
        foreach (var warning in result.Warnings)
        {
            text.Append('\n').Append(WrappedText.Of($"WARNING: {warning}", Width, 2)).Append('\n');
        }

        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, IReadOnlyList<SettingOrigin> all, SettingKind kind)
    {
        var rows = all.Where(row => row.Kind == kind).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        var name = Math.Min(32, rows.Max(row => row.Name.Length));
        var origin = Math.Min(28, rows.Max(row => row.Origin.Length));
        var value = Math.Min(Width - name - origin - 6, rows.Max(row => row.Value.Length));
        text.Append(text.Length == 0 ? "" : "\n").Append(title).Append('\n');
        foreach (var row in rows)
        {
            var parts = row.Value.Chunk(value).Select(part => new string(part)).DefaultIfEmpty("").ToList();
            var first =
                $"  {Cut(row.Name, name).PadRight(name)}  {parts[0].PadRight(value)}  {Cut(row.Origin, origin)}";
            text.Append(first.TrimEnd()).Append('\n');
            foreach (var part in parts.Skip(1))
            {
                text.Append(' ', name + 4).Append(part.TrimEnd()).Append('\n');
            }
        }
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 1)]}…";
}
