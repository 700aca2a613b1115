using System.ComponentModel;

namespace Nuke.Common.Parameters;

/// <summary>Makes a member's value from words.</summary>
internal static class ValueConverter
{
    /// <summary>Converts words to a type; a problem in words when they do not fit.</summary>
    public static object? Convert(ParameterMember parameter, IReadOnlyList<string> words, out string? problem)
    {
        problem = null;
        if (parameter.Type.GetElementType() is { } element)
        {
            var split =
                parameter.Attribute.Separator is { } separator && words.Count == 1 ? words[0].Split(separator) : words;
            var array = Array.CreateInstance(element, split.Count);
            for (var index = 0; index < split.Count && problem is null; index++)
            {
                array.SetValue(Single(element, split[index], out problem), index);
            }

            return array;
        }

        if (parameter.IsSwitch && words.Count == 0)
        {
            return true;
        }

        if (words.Count == 1)
        {
            return Single(Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type, words[0], out problem);
        }

        problem =
            words.Count == 0 ? "needs a value" : $"takes one value, but got {words.Count}: {string.Join(' ', words)}";
        return null;
    }

    private static object? Single(Type type, string word, out string? problem)
    {
        problem = null;
        if (type == typeof(string))
        {
            return word;
        }

        try
        {
            if (type.IsEnum)
            {
                return Enum.GetNames(type).Contains(word, StringComparer.OrdinalIgnoreCase)
                    ? Enum.Parse(type, word, ignoreCase: true)
                    : throw new FormatException(
                        $"is one of {string.Join(", ", Enum.GetNames(type))}.{Nearest.Hint(word, Enum.GetNames(type))}"
                    );
            }

            return type == typeof(IO.AbsolutePath)
                ? IO.AbsolutePath.Create(word)
                : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(word);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException)
        {
            problem = type.IsEnum ? exception.Message : $"cannot be '{word}', it must be a {Word(type)}";
            return null;
        }
    }

    private static string Word(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "whole number"
        : type.Name;
}
