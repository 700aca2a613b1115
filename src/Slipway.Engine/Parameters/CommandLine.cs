namespace Nuke.Common.Parameters;

/// <summary>The words of the command line, taken apart: targets, and options with their values.</summary>
/// <param name="Targets">The words that are no options.</param>
/// <param name="Options">Option names without dashes, with the words behind them; a later one replaces an earlier one.</param>
internal sealed record CommandLine(IReadOnlyList<string> Targets, IReadOnlyList<CommandLineOption> Options)
{
    /// <summary>Takes words apart.</summary>
    /// <param name="words">The arguments of the process.</param>
    /// <param name="isSwitch">True for options that need no value.</param>
    public static CommandLine Parse(IReadOnlyList<string> words, Func<string, bool> isSwitch)
    {
        var targets = new List<string>();
        var options = new List<CommandLineOption>();
        for (var index = 0; index < words.Count; index++)
        {
            if (!IsOption(words[index]))
            {
                targets.Add(words[index]);
                continue;
            }

            var word = words[index].TrimStart('-');
            if (word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            {
                options.Add(new(word[..equals], [word[(equals + 1)..]]));
                continue;
            }

            var values = new List<string>();
            while (index + 1 < words.Count && !IsOption(words[index + 1]) && !EndsSwitch(word, words[index + 1]))
            {
                values.Add(words[++index]);
            }

            options.Add(new(word, values));
        }

        return new(targets, options);

        bool EndsSwitch(string option, string next) => isSwitch(option) && !bool.TryParse(next, out _);
    }

    // A negative number is a value, not an option.
    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]);
}
