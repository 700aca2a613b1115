using System.Text;

namespace Slipway.Health.Hurl;

/// <summary>Collects the pieces of a template; text that touches becomes one piece.</summary>
internal sealed class HurlPartList(int line)
{
    private readonly List<HurlPart> _parts = [];
    private readonly StringBuilder _text = new();
    private int _column;

    public void Add(string text, int column)
    {
        _column = _text.Length == 0 ? column + 1 : _column;
        _text.Append(text);
    }

    public void Add(HurlPart variable)
    {
        Flush();
        _parts.Add(variable);
    }

    public HurlTemplate ToTemplate(bool trim)
    {
        if (trim)
        {
            var text = _text.ToString().TrimEnd(' ', '\t');
            _text.Clear().Append(text);
        }

        Flush();
        return new(_parts);
    }

    private void Flush()
    {
        if (_text.Length > 0)
        {
            _parts.Add(new(_text.ToString(), false, line, _column));
            _text.Clear();
        }
    }
}
