using System.ComponentModel;
using System.Globalization;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common.ValueInjection;

/// <summary>Converts the words given for a parameter to its type.</summary>
internal static class ValueConverter
{
    public static Conversion Convert(
        Type type,
        IReadOnlyList<string> words,
        string? separator,
        AbsolutePath baseDirectory
    )
    {
        if (type.IsArray && type != typeof(byte[]))
        {
            return ConvertArray(type.GetElementType()!, Split(words, separator), baseDirectory);
        }

        if (words.Count > 1)
        {
            return new(null, "is one value too many", words[1]);
        }

        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (words.Count == 0)
        {
            return target == typeof(bool) ? new(true, null) : new(null, "needs a value");
        }

        return ConvertWord(target, words[0], baseDirectory);
    }

    /// <summary>The names that a value may have, or null when it is free.</summary>
    public static IReadOnlyList<string>? NamesOf(Type type)
    {
        var inner = type.IsArray ? type.GetElementType()! : type;
        inner = Nullable.GetUnderlyingType(inner) ?? inner;
        return inner.IsEnum ? Enum.GetNames(inner)
            : inner.IsSubclassOf(typeof(Enumeration)) ? [.. Enumeration.FieldsOf(inner).Select(field => field.Name)]
            : null;
    }

    private static IReadOnlyList<string> Split(IReadOnlyList<string> words, string? separator) =>
        string.IsNullOrEmpty(separator)
            ? words
            :
            [
                .. words.SelectMany(word =>
                    word.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                ),
            ];

    private static Conversion ConvertArray(Type element, IReadOnlyList<string> words, AbsolutePath baseDirectory)
    {
        var array = Array.CreateInstance(element, words.Count);
        for (var index = 0; index < words.Count; index++)
        {
            var conversion = ConvertWord(Nullable.GetUnderlyingType(element) ?? element, words[index], baseDirectory);
            if (conversion.Problem is not null)
            {
                return conversion;
            }

            array.SetValue(conversion.Value, index);
        }

        return new(array, null);
    }

    private static Conversion ConvertWord(Type type, string word, AbsolutePath baseDirectory)
    {
        if (type == typeof(string))
        {
            return new(word, null);
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(word, out var flag) ? new(flag, null) : new(null, "is not true or false", word);
        }

        if (type == typeof(AbsolutePath))
        {
            return new(AbsolutePath.Create(Path.Combine(baseDirectory, word)), null);
        }

        return NamesOf(type) is { } names ? ConvertName(type, word, names) : ConvertOther(type, word);
    }

    private static Conversion ConvertName(Type type, string word, IReadOnlyList<string> names)
    {
        var name = names.FirstOrDefault(name => string.Equals(name, word, StringComparison.OrdinalIgnoreCase));
        if (name is not null)
        {
            return new(type.IsEnum ? Enum.Parse(type, name) : Enumeration.FindByName(type, name), null);
        }

        var nearest = Spelling.Nearest(word, names);
        var hint = nearest is null ? "" : $". Did you mean '{nearest}'?";
        return new(null, $"is not one of {string.Join(", ", names)}{hint}", word);
    }

    private static Conversion ConvertOther(Type type, string word)
    {
        try
        {
            // Numbers and dates come first, because looking for a converter is slow.
            var value =
                Type.GetTypeCode(type) is not (TypeCode.Object or TypeCode.Empty)
                    ? System.Convert.ChangeType(word, type, CultureInfo.InvariantCulture)
                : type == typeof(Guid) ? Guid.Parse(word)
                : type == typeof(TimeSpan) ? TimeSpan.Parse(word, CultureInfo.InvariantCulture)
                : type == typeof(Uri) ? new Uri(word, UriKind.RelativeOrAbsolute)
                : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(word);
            return new(value, null);
        }
        // Converters throw whatever they like, and every refusal means the same here.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new(null, $"is not {Kind(type)}", word);
        }
    }

    private static string Kind(Type type) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            >= TypeCode.SByte and <= TypeCode.UInt64 => "a whole number in range",
            TypeCode.DateTime => "a date or time",
            _ => type == typeof(TimeSpan) ? "a time span such as 00:01:30" : $"a valid {type.Name}",
        };
}
