using System.Globalization;

namespace Slipway.Settings;

/// <summary>The variables in force; hands out typed values and reports the wrong ones.</summary>
internal sealed class VariableSet(ProblemList problems)
{
    private static readonly string[] DocumentNames = VariableNames.All.Select(known => known.Name).ToArray();
    private readonly Dictionary<string, SourcedVariable> _variables = new(StringComparer.Ordinal);

    /// <summary>Every variable in force, those of the checklist first.</summary>
    public IEnumerable<(string Name, SourcedVariable Variable)> All =>
        _variables
            .OrderBy(pair => Array.IndexOf(DocumentNames, pair.Key) is var index and >= 0 ? index : int.MaxValue)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key, pair.Value));

    /// <summary>Takes a variable; one that is empty, broken over lines or a placeholder is a problem.</summary>
    public void Add(string name, SourcedVariable variable)
    {
        _variables[name] = variable;
        var shown = IsPrivate(name) ? null : variable.Value;
        if (
            Placeholders.Find(variable.Value) is { } placeholder
            && !name.EndsWith(VariableNames.Database, StringComparison.Ordinal)
        )
        {
            problems.Add(
                name,
                shown,
                $"still holds the placeholder {placeholder} ({variable.Origin})",
                VariableNames.IsSecret(name) ? "openssl rand -base64 32" : "put your own value there"
            );
        }
        else if (variable.Value.Any(char.IsControl))
        {
            problems.Add(
                name,
                null,
                $"holds a line break or another control character ({variable.Origin})",
                "write it on one line"
            );
        }
        else if (variable.Value.Length != variable.Value.Trim().Length)
        {
            problems.Add(name, null, $"begins or ends with a blank ({variable.Origin})", "remove the blank");
        }
    }

    /// <summary>Replaces a default by what another variable says.</summary>
    public void Derive(string name, string value, string origin) => _variables[name] = new(value, origin, true, false);

    /// <summary>The variable, or null when nobody sets it.</summary>
    public SourcedVariable? Find(string name) => _variables.GetValueOrDefault(name);

    /// <summary>True when a value must not be shown.</summary>
    public bool IsPrivate(string name) =>
        VariableNames.IsSecret(name)
        || (
            !DocumentNames.Contains(name, StringComparer.Ordinal)
            && _variables.GetValueOrDefault(name) is { IsPrivate: true }
        );

    public bool Flag(string name)
    {
        var text = _variables[name].Value;
        if (text is not ("true" or "false"))
        {
            Bad(name, "is neither true nor false", "write true or false");
        }

        return text is "true";
    }

    public int Number(string name, int least, int most)
    {
        if (Whole(name) is not { } number || number < least || number > most)
        {
            Bad(name, "is out of range", $"write a whole number from {least} to {most}");
            return least;
        }

        return number;
    }

    /// <summary>A duration in seconds; a value that can only be milliseconds is called so.</summary>
    public TimeSpan Seconds(string name, int most)
    {
        var number = Whole(name);
        if (number is > 0 && number <= most)
        {
            return TimeSpan.FromSeconds(number.Value);
        }

        Bad(
            name,
            number > most
                ? $"is in seconds, so this is {Long(TimeSpan.FromSeconds(number.Value))}; it looks like milliseconds"
                : "is no number of seconds",
            number > most && number % 1000 == 0 && number / 1000 <= most
                ? $"write {number / 1000}"
                : $"write whole seconds from 1 to {most}"
        );
        return TimeSpan.FromSeconds(1);
    }

    /// <summary>A duration in milliseconds; a value that can only be seconds is called so.</summary>
    public TimeSpan Milliseconds(string name, int least, int most)
    {
        var number = Whole(name);
        if (number >= least && number <= most)
        {
            return TimeSpan.FromMilliseconds(number.Value);
        }

        var looksLikeSeconds = number is > 0 && number < least;
        Bad(
            name,
            looksLikeSeconds ? $"is in milliseconds, so this is {Short(number ?? 0)}; it looks like seconds"
                : number > most
                    ? $"is in milliseconds, so this is {Long(TimeSpan.FromMilliseconds(number.Value))}, too long"
                : "is no number of milliseconds",
            looksLikeSeconds ? $"write {number}000" : $"write whole milliseconds from {least} to {most}"
        );
        return TimeSpan.FromMilliseconds(least);
    }

    /// <summary>A cron schedule of five fields.</summary>
    public string Schedule(string name)
    {
        var text = _variables[name].Value;
        if (CronExpression.Problem(text) is { } problem)
        {
            Bad(
                name,
                $"is no schedule: {problem}",
                "write minute, hour, day of month, month and day of week, such as \"0 2 * * *\""
            );
        }

        return text;
    }

    private int? Whole(string name) =>
        int.TryParse(_variables[name].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private void Bad(string name, string problem, string remedy) =>
        problems.Add(name, _variables[name].Value, $"{problem} ({_variables[name].Origin})", remedy);

    private static string Short(int milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000m:0.###} s");

    private static string Long(TimeSpan span) =>
        span.TotalHours < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min")
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h");
}
