namespace Nuke.Common.Reporting;

/// <summary>Colours text, or leaves it as it is.</summary>
internal sealed class Ansi(bool enabled)
{
    public bool IsEnabled => enabled;

    public string Red(string text) => Paint(text, "31");

    public string Green(string text) => Paint(text, "32");

    public string Yellow(string text) => Paint(text, "33");

    public string Cyan(string text) => Paint(text, "36");

    public string Grey(string text) => Paint(text, "90");

    public string Bold(string text) => Paint(text, "1");

    private string Paint(string text, string code) => enabled ? $"\e[{code}m{text}\e[0m" : text;
}
