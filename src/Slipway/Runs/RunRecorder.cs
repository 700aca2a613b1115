using System.Text;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Runs;

/// <summary>Writes a run's record: a line is on the disk before the next step begins, and in the store as soon as it can be.</summary>
/// <param name="folder">Where the records of the environment are on this machine.</param>
/// <param name="store">Where their copies are.</param>
/// <param name="environment">The environment.</param>
/// <param name="id">The run.</param>
/// <param name="redactor">Takes the secrets out of what is recorded.</param>
/// <param name="time">The clock.</param>
public sealed class RunRecorder(
    string folder,
    IObjectStore store,
    string environment,
    RunId id,
    Redactor redactor,
    TimeProvider time
)
{
    // A later run decides by these: names of steps and ids of releases, which are ours and no secrets.
    private static readonly string[] Ours = ["step", "release", "commit"];
    private readonly StringBuilder _text = new();
    private readonly List<RunEvent> _events = [];
    private readonly LocalRecord _local = new(folder, id);
    private string? _hash;

    /// <summary>The record's file on this machine.</summary>
    public string Path => _local.Path;

    /// <summary>Why the file on this machine is behind; null when it is not.</summary>
    public string? LocalProblem { get; private set; }

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

    /// <summary>Adds an event without secrets; it is durable on this machine when the task is done, or a problem tells why not.</summary>
    public async Task AppendAsync(string type, params IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        Add(new(_events.Count + 1, time.GetUtcNow(), type, [.. facts.Select(Redacted)]));
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        LocalProblem = await ProblemOfAsync(() => _local.WriteAsync(bytes));

        // A record is written to its end even when the run is being cancelled; it has its own bound.
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20), time);
        StoreProblem = await ProblemOfAsync(() =>
            store.PutAsync(
                Key(environment, id),
                (stream, token) => stream.WriteAsync(bytes, token).AsTask(),
                bound.Token
            )
        );
    }

    private static async Task<string?> ProblemOfAsync(Func<Task> write)
    {
        try
        {
            await write();
            return null;
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or OperationCanceledException
                        or SlipwayException
            )
        {
            return exception.Message;
        }
    }

    private KeyValuePair<string, string> Redacted(KeyValuePair<string, string> fact) =>
        Ours.Contains(fact.Key, StringComparer.Ordinal) ? fact : new(fact.Key, redactor.Text(fact.Value));

    private void Add(RunEvent item)
    {
        var (line, hash) = RunRecord.Write(item, _hash);
        _events.Add(item);
        _text.Append(line).Append('\n');
        _hash = hash;
    }
}
