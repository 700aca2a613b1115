using System.Collections.Concurrent;

namespace Nuke.Common.Reporting;

/// <summary>
/// The texts that nothing may print: values of secret parameters, and what build code puts into the dictionary that is
/// published under a name of its own, so that it needs no reference to this engine.
/// </summary>
internal sealed class MaskStore
{
    public const string Name = "Slipway.Masks";

    // Shorter texts occur by chance everywhere, and masking them would tell more than it hides.
    private const int Shortest = 4;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, byte> _published = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _announcements = [];
    private MaskSet _current = MaskSet.Empty;

    public void Publish() => AppContext.SetData(Name, _published);

    public void Add(IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
        {
            _published.TryAdd(secret, 0);
        }
    }

    /// <summary>What to mask now, with everything published since.</summary>
    public MaskSet Current()
    {
        lock (_lock)
        {
            var found = false;
            foreach (var (secret, _) in _published)
            {
                found |= _seen.Add(secret) && Learn(secret);
            }

            if (found)
            {
                _current = new MaskSet(_seen.SelectMany(FormsOf));
            }

            return _current;
        }
    }

    /// <summary>The next text that the build server has not been told of, or null.</summary>
    public string? NextAnnouncement()
    {
        lock (_lock)
        {
            return _announcements.TryDequeue(out var text) ? text : null;
        }
    }

    public string Mask(string text) => new MaskingState().Feed(Current(), text, isLast: true);

    private static IEnumerable<string> FormsOf(string secret)
    {
        // Output is masked as it flows, so a secret of several lines is masked line by line.
        foreach (var line in secret.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length >= Shortest)
            {
                var encoded = Uri.EscapeDataString(line);
                yield return line;
                yield return encoded;
                yield return LowerCaseEscapes(encoded);
                yield return encoded.Replace("%20", "+", StringComparison.Ordinal);
            }
        }
    }

    private static string LowerCaseEscapes(string encoded) =>
        string.Create(
            encoded.Length,
            encoded,
            static (target, source) =>
            {
                for (var index = 0; index < source.Length; index++)
                {
                    var isEscape = (index >= 1 && source[index - 1] == '%') || (index >= 2 && source[index - 2] == '%');
                    target[index] = isEscape ? char.ToLowerInvariant(source[index]) : source[index];
                }
            }
        );

    private bool Learn(string secret)
    {
        var forms = FormsOf(secret).Distinct(StringComparer.Ordinal).ToList();
        forms.ForEach(_announcements.Enqueue);
        return forms.Count > 0;
    }
}
