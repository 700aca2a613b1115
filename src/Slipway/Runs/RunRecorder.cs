using System.Text;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Runs;

/// <summary>Writes a run's record: a line is on the disk before the next step begins, and in the store as soon as it can be.</summary>
public sealed class RunRecorder(string folder, IObjectStore store, string environment, RunId id, TimeProvider time)
{
    private readonly StringBuilder _text = new();
    private readonly List<RunEvent> _events = [];
    private string? _hash;

    /// <summary>The record's file on this machine.</summary>
    public string Path => System.IO.Path.Combine(folder, $"{id}.jsonl");

    /// <summary>Why the store's copy is behind; null when it is not.</summary>
    public string? StoreProblem { get; private set; }

    /// <summary>The record so far.</summary>
    public RunRecord Record => new(id, [.. _events], IsTorn: false);

    /// <summary>The store's key of a run's record.</summary>
    public static string Key(string environment, RunId id) => $"runs/{environment}/{id}.jsonl";

    /// <summary>Goes on with a record that was read back.</summary>
    public void Continue(RunRecord record)
    {
        foreach (var item in record.Events)
        {
            Add(item);
        }
    }

    /// <summary>Adds an event; it is durable on this machine when the task is done.</summary>
    public async Task AppendAsync(string type, params IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        Add(new(_events.Count + 1, time.GetUtcNow(), type, facts));
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        try
        {
            Directory.CreateDirectory(folder);
            await using var file = new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.Read);
            await file.WriteAsync(bytes, CancellationToken.None);
            file.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            StoreProblem = exception.Message;
        }

        // A record is written to its end even when the run is being cancelled; it has its own bound.
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20), time);
        try
        {
            await store.PutAsync(
                Key(environment, id),
                (stream, token) => stream.WriteAsync(bytes, token).AsTask(),
                bound.Token
            );
            StoreProblem = null;
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or OperationCanceledException
                        or SlipwayException
            )
        {
            StoreProblem = exception.Message;
        }
    }

    private void Add(RunEvent item)
    {
        var (line, hash) = RunRecord.Write(item, _hash);
        _events.Add(item);
        _text.Append(line).Append('\n');
        _hash = hash;
    }
}
