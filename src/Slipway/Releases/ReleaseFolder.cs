using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Processes;

namespace Slipway.Releases;

/// <summary>Where strategy process keeps releases, what it knows of their processes, and their logs.</summary>
/// <remarks>
/// <c>releases/&lt;id&gt;</c> holds the files, <c>current</c> points to the release that serves, <c>shared/log</c> outlives
/// releases, and <c>state</c> says which process is which. What is about to be started is noted before it starts, and the
/// process itself notes who it is, so that one that was started by a run that died is found.
/// </remarks>
/// <param name="root">The folder of <c>release.folder</c>.</param>
internal sealed class ReleaseFolder(string root)
{
    private string Releases => Path.Combine(root, "releases");

    private string State => Path.Combine(root, "state");

    /// <summary>The file that says which release gets the traffic.</summary>
    public string UpstreamFile => Path.Combine(State, "upstream.json");

    /// <summary>The releases that were started and not stopped since.</summary>
    public IReadOnlyList<string> Started =>
        Directory.Exists(State)
            ?
            [
                .. Directory
                    .EnumerateFiles(State, "release-*.json")
                    .Select(file => Path.GetFileNameWithoutExtension(file)["release-".Length..]),
            ]
            : [];

    /// <summary>The proxy that was started last.</summary>
    public RunningProxy? Proxy
    {
        get =>
            Read(Path.Combine(State, "proxy.json"), ReleaseJson.Default.RunningProxy) is { } proxy
                ? proxy with
                {
                    Process = proxy.Process ?? DetachedProcess.ReadNote(ProcessNote("proxy")),
                }
                : null;
        set => Write(Path.Combine(State, "proxy.json"), value!, ReleaseJson.Default.RunningProxy);
    }

    /// <summary>The files of a release.</summary>
    public string Files(string id) => Path.Combine(Releases, id);

    /// <summary>The files of a release that is being built.</summary>
    public string Part(string id) => Path.Combine(Releases, $"{id}.part");

    /// <summary>What a release prints.</summary>
    public string Log(string name) => Path.Combine(root, "shared", "log", $"{name}.out");

    /// <summary>What a release prints while it is tried beside the one that serves.</summary>
    public string TrialOutput(string id) => Log($"{id}.trial");

    /// <summary>The application's own log of such a trial, apart from the one that is searched for errors of the live release.</summary>
    public string TrialLog(string id) => Path.Combine(root, "shared", "log", $"{id}.trial.log");

    /// <summary>What a release, or the proxy, printed last.</summary>
    public IReadOnlyList<string> LastWords(string name, int lines) => LastLines(Log(name), lines);

    /// <summary>What a release logged itself in its last trial, and before that what it printed.</summary>
    public IReadOnlyList<string> LastWordsOfTrial(string id, int lines) =>
        [.. LastLines(TrialOutput(id), lines), .. LastLines(TrialLog(id), lines)];

    /// <summary>Makes room for the output of a new trial.</summary>
    public void BeginTrial(string id)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(TrialOutput(id))!);
        File.Delete(TrialOutput(id));
        File.Delete(TrialLog(id));
    }

    /// <summary>Starts a program that goes on when we end, and returns who it is.</summary>
    public ProcessIdentity Start(string name, Command command)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Log(name))!);
        File.Delete(ProcessNote(name));
        using var process = DetachedProcess.Start(command, Log(name), ProcessNote(name));
        return process.Identity;
    }

    /// <summary>The process of a release; null when it has none.</summary>
    public RunningRelease? Running(string id) =>
        Read(StateFile(id), ReleaseJson.Default.RunningRelease) is { } running
            ? running with
            {
                Process = running.Process ?? DetachedProcess.ReadNote(ProcessNote(id)),
            }
            : null;

    /// <summary>Where the process of a release, or of the proxy, notes who it is.</summary>
    public string ProcessNote(string name) => Path.Combine(State, $"{name}.stat");

    /// <summary>Notes the process of a release.</summary>
    public void Note(RunningRelease running) =>
        Write(StateFile(running.Id), running, ReleaseJson.Default.RunningRelease);

    /// <summary>Forgets the process of a release.</summary>
    public void Forget(string id)
    {
        File.Delete(StateFile(id));
        File.Delete(ProcessNote(id));
    }

    /// <summary>Sends the traffic to a release, in one rename.</summary>
    public void Route(ProxyUpstream upstream) => Write(UpstreamFile, upstream, ReleaseJson.Default.ProxyUpstream);

    /// <summary>Points <c>current</c> to a release.</summary>
    public void PointCurrent(string id) =>
        SymbolicLink.Point(Path.Combine(root, "current"), Path.Combine("releases", id));

    /// <summary>Makes room for a build.</summary>
    public string BeginBuild(string id)
    {
        Delete(Part(id));
        Directory.CreateDirectory(Releases);
        return Part(id);
    }

    /// <summary>Makes a build that is whole the release.</summary>
    public void EndBuild(string id) => Directory.Move(Part(id), Files(id));

    /// <summary>Removes the files of a release, built or half built.</summary>
    public void Remove(string id)
    {
        Delete(Files(id));
        Delete(Part(id));
    }

    /// <summary>Removes the files of all releases but these.</summary>
    public void KeepOnly(IReadOnlySet<string> kept)
    {
        foreach (
            var folder in Directory.EnumerateDirectories(Releases).Where(path => !kept.Contains(Path.GetFileName(path)))
        )
        {
            Delete(folder);
        }
    }

    private string StateFile(string id) => Path.Combine(State, $"release-{id}.json");

    private static IReadOnlyList<string> LastLines(string file, int lines) =>
        File.Exists(file) ? [.. File.ReadLines(file).TakeLast(lines)] : [];

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A file that a power loss left empty or torn says as little as none.
    private static T? Read<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllText(file), type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write<T>(string file, T value, JsonTypeInfo<T> type)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText($"{file}.part", JsonSerializer.Serialize(value, type));
        File.Move($"{file}.part", file, overwrite: true);
    }
}
