using System.Text.Encodings.Web;
using System.Text.Json;

namespace Slipway.Notifications;

/// <summary>A notice as Slack's Block Kit wants it.</summary>
/// <remarks>
/// Slack counts code points: header 150, field 2000, section 3000 (https://docs.slack.dev/reference/block-kit/blocks), and
/// refuses messages of some 11,000 altogether without saying so; fields and sections are kept short enough for that.
/// </remarks>
public static class SlackMessage
{
    private const int Header = 150;
    private const int Field = 200;
    private const int Section = 2500;

    private static readonly JsonWriterOptions Form = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The body of the request.</summary>
    public static byte[] ToJson(Notice notice)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Form))
        {
            json.WriteStartObject();
            json.WriteString("text", Escape(Cut(Headline(notice), Header)));
            json.WriteStartArray("blocks");
            WriteHeader(json, Headline(notice));
            WriteFields(
                json,
                [
                    ("Environment", notice.Environment),
                    ("Release", notice.Release),
                    ("By", notice.By),
                    ("Run", notice.Run),
                ]
            );
            WriteSection(json, "Cause", notice.Cause);
            WriteSection(json, "State", notice.State);
            WriteSection(json, "Next", notice.Next);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Headline(Notice notice) =>
        notice.Kind switch
        {
            NoticeKind.Started => $"🚀 {notice.Release} → {notice.Environment} started",
            NoticeKind.Succeeded => $"✅ {notice.Release} → {notice.Environment} is live",
            NoticeKind.RolledBack => $"↩️ {notice.Environment}: rolled back from {notice.Release}",
            NoticeKind.NeedsPerson => $"🆘 {notice.Environment} needs a person: {notice.Release}",
            _ => $"❌ {notice.Release} → {notice.Environment} failed",
        };

    private static void WriteHeader(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "header");
        WriteText(json, "text", "plain_text", Cut(text, Header));
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, IEnumerable<(string Name, string Value)> fields)
    {
        json.WriteStartObject();
        json.WriteString("type", "section");
        json.WriteStartArray("fields");
        foreach (var (name, value) in fields)
        {
            json.WriteStartObject();
            json.WriteString("type", "mrkdwn");
            json.WriteString("text", Labelled(name, value, Field));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter json, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "section");
        WriteText(json, "text", "mrkdwn", Labelled(name, value, Section));
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string property, string type, string text)
    {
        json.WriteStartObject(property);
        json.WriteString("type", type);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    // Cut first, lest an escape is cut in two; escapes make it longer, so it is cut again until it fits.
    private static string Labelled(string name, string value, int limit)
    {
        var room = limit;
        string text;
        do
        {
            text = $"*{name}*\n{Escape(Cut(value, room))}";
            room = room * 3 / 4;
        } while (text.EnumerateRunes().Count() > limit);
        return text;
    }

    // An unescaped <!channel> in a commit message pages everybody.
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Cut(string text, int limit)
    {
        if (text.Length <= limit || text.EnumerateRunes().Count() <= limit)
        {
            return text;
        }

        var kept = text.EnumerateRunes().Take(limit - 1).Sum(rune => rune.Utf16SequenceLength);
        return $"{text.AsSpan(0, kept)}…";
    }
}
