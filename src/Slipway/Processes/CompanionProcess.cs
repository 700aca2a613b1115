using System.Diagnostics;

namespace Slipway.Processes;

/// <summary>A program that runs beside us, its output in a file, and that ends with all its children when we do, even by kill -9.</summary>
internal sealed class CompanionProcess : IDisposable
{
    // The input is a pipe that only we hold, so it ends when we do, however that happens. The watch reads it, and then ends the
    // session. It is told to stop like all the others when we end the session ourselves; only after the pipe it stays to the last.
    private const string Script = """
        exec >>"$1" 2>&1 3<&0 </dev/null 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        shift
        (
          exec >/dev/null 2>&1
          while read -r _ <&3; do :; done
          trap '' TERM
          kill -TERM 0
          n=0
          while [ $n -lt 5 ] && kill -0 $$; do sleep 1; n=$((n + 1)); done
          kill -KILL 0
        ) &
        exec "$@" 3<&-
        """;

    private readonly Process _process;
    private readonly ProcessGroup _group;

    private CompanionProcess(Process process) =>
        (_process, _group) = (process, new ProcessGroup(process.Id).EndWithUs());

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Its exit code, 128 + signal number when a signal ended it; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts a program; its timeout and grace time do not apply.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="log">File that output and error are appended to; only its owner may read it.</param>
    /// <exception cref="CommandFailedException">It could not be started.</exception>
    public static CompanionProcess Start(Command command, string log)
    {
        ShellSession.OwnerOnly(log);
        return new(ShellSession.Start(Script, [log], command, holdsInput: true));
    }

    /// <summary>Asks it and its children to stop, and ends those that still run after the limit.</summary>
    /// <returns>False when one of them runs even then.</returns>
    public async Task<bool> EndAsync(TimeSpan limit, TimeProvider time)
    {
        await _group.EndAsync(limit, time);
        return !_group.IsAlive;
    }

    /// <summary>Lets go of it; what still runs of it is ended by its watch.</summary>
    public void Dispose()
    {
        _group.Dispose();
        _process.StandardInput.Dispose();
        _process.Dispose();
    }
}
