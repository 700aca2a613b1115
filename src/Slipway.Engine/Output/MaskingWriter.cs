using System.Collections.Concurrent;
using System.Text;

namespace Nuke.Common.Output;

/// <summary>Writes text with every secret replaced, however the writes cut it.</summary>
internal sealed class MaskingWriter(TextWriter inner, ConcurrentDictionary<string, byte> secrets) : TextWriter
{
    private const string Mask = "***";
    private readonly StringBuilder _pending = new();
    private readonly Lock _lock = new();

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        lock (_lock)
        {
            _pending.Append(value);
            var text = Replace(_pending.ToString());
            var keep = Tail(text);
            inner.Write(text.AsSpan(0, text.Length - keep));
            inner.Flush();
            _pending.Clear().Append(text.AsSpan(text.Length - keep));
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine() => Write("\n");

    /// <summary>Writes what was held back because it could have become a secret.</summary>
    public override void Flush()
    {
        lock (_lock)
        {
            inner.Write(_pending.ToString());
            _pending.Clear();
            inner.Flush();
        }
    }

    public string Replace(string text)
    {
        foreach (var secret in secrets.Keys.OrderByDescending(secret => secret.Length))
        {
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        }

        return text;
    }

    // The longest end of the text with which a secret could begin.
    private int Tail(string text)
    {
        var longest = 0;
        foreach (var secret in secrets.Keys)
        {
            for (var length = Math.Min(secret.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(secret.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
