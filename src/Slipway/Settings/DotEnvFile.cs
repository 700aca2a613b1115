using System.Text;

namespace Slipway.Settings;

/// <summary>Reads files of <c>NAME=value</c> lines: quotes, comments and <c>export</c> are understood, nothing is expanded.</summary>
internal static class DotEnvFile
{
    /// <summary>Reads the file of an environment, if there is one; warns when others can read it.</summary>
    public static IReadOnlyDictionary<string, (string Value, int Line)> Read(
        string root,
        string environment,
        ProblemList problems
    )
    {
        var name = $".nuke/environments/{environment}.env";
        var path = Path.Combine(root, name);
        if (!File.Exists(path))
        {
            return new Dictionary<string, (string Value, int Line)>();
        }

        const UnixFileMode Others =
            UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
        {
            problems.Warn(name, null, "holds secrets and can be read by others", $"chmod 600 {name}");
        }

        if (GitIndex.Tracks(root, name))
        {
            problems.Warn(
                name,
                null,
                "holds secrets and is tracked by git",
                $"git rm --cached {name}, and replace the secrets in it"
            );
        }

        return Parse(File.ReadAllText(path, Encoding.UTF8), name, problems);
    }

    /// <summary>Reads the text of such a file; every line that is not understood becomes a problem.</summary>
    /// <returns>Each variable's value and the number of its line.</returns>
    public static IReadOnlyDictionary<string, (string Value, int Line)> Parse(
        string text,
        string file,
        ProblemList problems
    )
    {
        var found = new Dictionary<string, (string Value, int Line)>(StringComparer.Ordinal);
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var (name, value) = Split(line);
            // The line itself is never shown: it may hold a secret.
            if (name is null || value is null)
            {
                problems.Add(
                    $"{file}:{i + 1}",
                    null,
                    name is null ? "is no NAME=value" : $"the quotes of {name} do not match",
                    "write NAME=value or NAME=\"value\", one a line"
                );
            }
            else if (!found.TryAdd(name, (value, i + 1)))
            {
                problems.Add(
                    $"{file}:{i + 1}",
                    null,
                    $"sets {name} again, after line {found[name].Line}",
                    "remove one of them"
                );
            }
        }

        return found;
    }

    private static (string? Name, string? Value) Split(string line)
    {
        var rest = line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..].TrimStart() : line;
        var equals = rest.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? "" : rest[..equals].TrimEnd();
        return IsName(name) ? (name, Value(rest[(equals + 1)..].TrimStart())) : (null, null);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string? Value(string text)
    {
        if (text.Length == 0 || text[0] is not ('"' or '\''))
        {
            // A # begins a comment only after a blank; inside a value it is a character.
            var comment = text.StartsWith('#') ? 0 : text.IndexOf(" #", StringComparison.Ordinal);
            return (comment < 0 ? text : text[..comment]).TrimEnd();
        }

        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == text[0])
            {
                var after = text[(i + 1)..].TrimStart();
                return after.Length == 0 || after[0] == '#' ? value.ToString() : null;
            }

            if (text[0] == '"' && text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                value.Append(
                    text[i] switch
                    {
                        'n' => "\n",
                        '"' or '\\' or '$' => $"{text[i]}",
                        _ => $"\\{text[i]}",
                    }
                );
            }
            else
            {
                value.Append(text[i]);
            }
        }

        return null;
    }
}
