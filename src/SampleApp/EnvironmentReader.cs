using System.Globalization;

namespace SampleApp;

/// <summary>Reads variables and collects what is wrong with them.</summary>
internal sealed class EnvironmentReader
{
    private const int SecretLength = 32;

    public List<string> Problems { get; } = [];

    public static string? Get(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    public string Needed(string name)
    {
        if (Get(name) is { } value)
        {
            return value;
        }

        Problems.Add($"{name} is not set");
        return "";
    }

    public string Secret(string name)
    {
        var value = Needed(name);
        if (value.Length is > 0 and < SecretLength)
        {
            Problems.Add($"{name} is shorter than {SecretLength} characters; make one with: openssl rand -base64 32");
        }

        return value;
    }

    public int Number(string name, int standard, int least = 1)
    {
        if (Get(name) is not { } text)
        {
            return standard;
        }

        if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least)
        {
            return number;
        }

        Problems.Add($"{name} = {text} is no whole number from {least} on");
        return standard;
    }
}
