using System.Text;

namespace Slipway.Tests.Migrations;

/// <summary>Passes lines on and tells when one with some text came.</summary>
internal sealed class SignalWriter : TextWriter
{
    private readonly TextWriter _writer;
    private readonly string _text;
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SignalWriter(TextWriter writer, string text, out Task seen)
    {
        (_writer, _text) = (writer, text);
        seen = _seen.Task;
    }

    public override Encoding Encoding => _writer.Encoding;

    public override void WriteLine(string? value)
    {
        _writer.WriteLine(value);
        if (value?.Contains(_text, StringComparison.Ordinal) is true)
        {
            _seen.TrySetResult();
        }
    }
}
