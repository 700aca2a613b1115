using System.Text;

namespace Nuke.Common.Reporting;

/// <summary>
/// Passes text on with secrets masked, and tells the build server of new ones, at the start of a line as it wants it.
/// </summary>
internal sealed class MaskingWriter(TextWriter inner, MaskStore store, bool announces) : TextWriter
{
    private readonly Lock _lock = new();
    private readonly MaskingState _state = new();
    private bool _atLineStart = true;

    /// <summary>Where the text is copied to as well, unmasked.</summary>
    public LogCopy? Copy { get; init; }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Pass([value]);

    public override void Write(string? value) => Pass(value);

    public override void Write(char[] buffer, int index, int count) => Pass(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Pass(buffer);

    public override void WriteLine() => Pass(CoreNewLine);

    // One write for the whole line, so that lines of several threads do not mix.
    public override void WriteLine(string? value) => Pass(string.Concat(value, NewLine));

    public override void WriteLine(ReadOnlySpan<char> buffer) => Pass(string.Concat(buffer, NewLine));

    public override Task WriteAsync(char value) => DoneAsync(() => Write(value));

    public override Task WriteAsync(string? value) => DoneAsync(() => Write(value));

    public override Task WriteAsync(char[] buffer, int index, int count) =>
        DoneAsync(() => Write(buffer, index, count));

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default) =>
        DoneAsync(() => Write(buffer.Span));

    public override Task WriteLineAsync(string? value) => DoneAsync(() => WriteLine(value));

    public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default) =>
        DoneAsync(() => WriteLine(buffer.Span));

    /// <summary>Writes a line that is not copied.</summary>
    public void WriteUncopied(string value)
    {
        lock (_lock)
        {
            Mask(string.Concat(value, NewLine));
        }
    }

    // What is held back stays back: it may be the beginning of a secret.
    public override void Flush()
    {
        lock (_lock)
        {
            inner.Flush();
        }
    }

    public override Task FlushAsync() => DoneAsync(Flush);

    /// <summary>Writes what was held back; nothing more is to come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            Emit(_state.Feed(store.Current(), [], isLast: true));
            inner.Flush();
        }
    }

    private static Task DoneAsync(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private void Pass(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            Copy?.Add(text);
            Mask(text);
        }
    }

    private void Mask(ReadOnlySpan<char> text)
    {
        var masks = store.Current();
        Announce();
        Emit(_state.Feed(masks, text, isLast: false));
    }

    private void Emit(string text)
    {
        if (text.Length > 0)
        {
            inner.Write(text);
            _atLineStart = text[^1] == '\n';
        }
    }

    private void Announce()
    {
        while (announces && _atLineStart && store.NextAnnouncement() is { } secret)
        {
            // The runner itself hides this line, and from here on the text wherever it stands.
            inner.WriteLine(GitHubCommand.Of("add-mask", secret));
        }
    }
}
