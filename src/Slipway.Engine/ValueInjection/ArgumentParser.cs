namespace Nuke.Common.ValueInjection;

/// <summary>Reads the command line: words before or between options name targets, everything else must be known.</summary>
internal sealed class ArgumentParser(ParameterCatalog catalog)
{
    private readonly List<GivenValue> _given = [];
    private readonly List<string> _targets = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<GivenValue> Given => _given;

    public IReadOnlyList<string> Targets => _targets;

    public IReadOnlyList<string> Problems => _problems;

    public void Parse(IReadOnlyList<string> arguments)
    {
        for (var index = 0; index < arguments.Count; )
        {
            var word = arguments[index++];
            if (!IsOption(word))
            {
                _targets.AddRange(word.Split(EngineOptions.Separator, StringSplitOptions.RemoveEmptyEntries));
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            var parameter = name is "-h" or "-?" ? catalog.Find("help") : catalog.Find(name);
            if (parameter is null)
            {
                _problems.Add(Unknown(name));
                index = SkipValues(arguments, index, equals >= 0);
            }
            else if (equals >= 0)
            {
                Add(parameter, [word[(equals + 1)..]], name);
            }
            else
            {
                var words = Take(parameter, arguments, index);
                index += words.Length;
                Add(parameter, words, name);
            }
        }
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    // What follows an unknown option was most likely meant as its value, not as the name of a target.
    private static int SkipValues(IReadOnlyList<string> arguments, int index, bool hasValue)
    {
        while (!hasValue && index < arguments.Count && !IsOption(arguments[index]))
        {
            index++;
        }

        return index;
    }

    private static string[] Take(ParameterMember parameter, IReadOnlyList<string> arguments, int index)
    {
        var limit = parameter.IsArray ? int.MaxValue : 1;
        return [.. arguments.Skip(index).TakeWhile(word => IsValueOf(parameter, word)).Take(limit)];
    }

    private static bool IsValueOf(ParameterMember parameter, string word) =>
        parameter.IsFlag
            ? bool.TryParse(word, out _)
            : !IsOption(word) || (parameter.IsNumber && char.IsAsciiDigit(word[1]));

    private void Add(ParameterMember parameter, string[] words, string name)
    {
        if (words.Length == 0 && !parameter.IsFlag && !parameter.IsArray && parameter.Plain is not "root")
        {
            _problems.Add($"Parameter {name} needs a value");
            return;
        }

        var earlier = _given.Find(given => given.Parameter == parameter);
        if (earlier is not null && !earlier.Words.SequenceEqual(words, StringComparer.Ordinal))
        {
            _problems.Add($"Parameter {name} is given twice with different values");
        }

        _given.Add(new(parameter, words, "the command line"));
    }

    private string Unknown(string name)
    {
        var nearest = Spelling.Nearest(name, catalog.Members.Select(member => member.Switch));
        return $"Unknown parameter '{name}'" + (nearest is null ? "" : $". Did you mean '{nearest}'?");
    }
}
