using System.Diagnostics;

namespace Slipway.Processes;

/// <summary>A program that goes on when we end: its own session, its output in a file.</summary>
public sealed class DetachedProcess : IDisposable
{
    // The shell only redirects and notes who it is, then becomes the program: same process, same number, same start.
    // Low descriptors are closed, lest a lock or a pipe of our caller stays open as long as the program runs.
    private const string Script = """
        exec >>"$1" 2>&1 </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        note=$2
        shift 2
        if [ -r /proc/$$/stat ]; then IFS= read -r stat </proc/$$/stat; else stat=$$; fi
        printf '%s\n' "$stat" >"$note.new" && mv -f "$note.new" "$note" && exec "$@"
        """;

    private readonly Process _process;

    private DetachedProcess(Process process, ProcessIdentity identity) => (_process, Identity) = (process, identity);

    /// <summary>Which process it is.</summary>
    public ProcessIdentity Identity { get; }

    /// <summary>Its exit code, 128 + signal number when a signal ended it; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts a program; its timeout and grace time do not apply.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="log">File that output and error are appended to; only its owner may read it.</param>
    /// <param name="note">File in which the process notes who it is before the program begins; see <see cref="ReadNote"/>.</param>
    /// <exception cref="CommandFailedException">It could not be started.</exception>
    public static DetachedProcess Start(Command command, string log, string note)
    {
        ShellSession.OwnerOnly(log);
        ShellSession.OwnerOnly($"{note}.new");
        var process = ShellSession.Start(Script, [log, note], command, holdsInput: false);
        return new(process, ProcessIdentity.Of(process.Id) ?? new(process.Id, ""));
    }

    /// <summary>Reads who a process noted it is, even when the one that started it is long dead.</summary>
    /// <returns>Null when there is no note, or none that can be relied on.</returns>
    public static ProcessIdentity? ReadNote(string note)
    {
        try
        {
            return ProcessIdentity.Parse(File.ReadAllText(note));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Lets go of it; the program goes on.</summary>
    public void Dispose() => _process.Dispose();
}
