using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Settings;

namespace Slipway.Runs;

/// <summary>What a run left behind: its events, each line holding the hash of the one before.</summary>
/// <param name="Id">The run.</param>
/// <param name="Events">Its events in order.</param>
/// <param name="IsTorn">True when the last line was cut off, as a crash leaves it.</param>
public sealed record RunRecord(RunId Id, IReadOnlyList<RunEvent> Events, bool IsTorn)
{
    /// <summary>Version of the form.</summary>
    public const int Schema = 1;

    private static readonly string NoHash = new('0', 64);

    /// <summary>True when the run ended by itself, well or not.</summary>
    public bool IsFinished => Events.Any(line => line.Type == RunEvent.RunFinished);

    /// <summary>The steps that ended, with their outcomes.</summary>
    public IEnumerable<RunEvent> Steps => Events.Where(line => line.Type == RunEvent.StepFinished);

    /// <summary>The step that was running when the record ends; null when none was.</summary>
    public string? RunningStep =>
        Events.LastOrDefault(line => line.Type is RunEvent.StepStarted or RunEvent.StepFinished)
            is { Type: RunEvent.StepStarted } last
            ? last["step"]
            : null;

    /// <summary>The value of a fact the run started with.</summary>
    public string? Started(string fact) => Events.FirstOrDefault(line => line.Type == RunEvent.RunStarted)?[fact];

    /// <summary>True when a step is known to have begun.</summary>
    public bool Began(string step) => Events.Any(line => line.Type == RunEvent.StepStarted && line["step"] == step);

    /// <summary>Writes an event as a line and returns it with its hash.</summary>
    public static (string Line, string Hash) Write(RunEvent item, string? previous)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteNumber("seq", item.Sequence);
            json.WriteString("at", item.At.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("type", item.Type);
            json.WriteStartObject("data");
            foreach (var (name, value) in item.Facts)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteString("previous", previous ?? NoHash);
            json.WriteEndObject();
        }

        var line = Encoding.UTF8.GetString(buffer.ToArray());
        return (line, Hash(line));
    }

    /// <summary>Reads a record back and checks its chain.</summary>
    /// <exception cref="SlipwayException">A line was changed, removed or added.</exception>
    public static RunRecord Parse(RunId id, string text)
    {
        var events = new List<RunEvent>();
        var previous = NoHash;
        var whole = text.EndsWith('\n');
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var index = 0; index < lines.Length; index++)
        {
            var last = index == lines.Length - 1 && !whole;
            if (Read(lines[index], events.Count + 1, previous) is not { } item)
            {
                return last
                    ? new(id, events, IsTorn: true)
                    : throw new SlipwayException(
                        $"Line {index + 1} of the record of run {id} does not follow from the line before it",
                        "the record was changed after it was written: compare it with the copy in the store"
                    );
            }

            events.Add(item);
            previous = Hash(lines[index]);
        }

        return new(id, events, IsTorn: false);
    }

    private static RunEvent? Read(string line, int sequence, string previous)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var fits =
                root.GetProperty("schema").GetInt32() == Schema
                && root.GetProperty("seq").GetInt32() == sequence
                && root.GetProperty("previous").GetString() == previous;
            return fits
                ? new(
                    sequence,
                    root.GetProperty("at").GetDateTimeOffset(),
                    root.GetProperty("type").GetString()!,
                    [
                        .. root.GetProperty("data")
                            .EnumerateObject()
                            .Select(fact => KeyValuePair.Create(fact.Name, fact.Value.GetString()!)),
                    ]
                )
                : null;
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string Hash(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
}
