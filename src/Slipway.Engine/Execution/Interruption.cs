using System.Runtime.InteropServices;

namespace Nuke.Common.Execution;

/// <summary>The first Ctrl-C or SIGTERM cancels what runs; a second one kills.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    public Interruption(Action<string> say)
    {
        Register(PosixSignal.SIGINT, 130, "Interrupted", say);
        Register(PosixSignal.SIGTERM, 143, "Terminated", say);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code that the signal asks for; null when there was none.</summary>
    public int? ExitCode { get; private set; }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    private void Register(PosixSignal signal, int exitCode, string word, Action<string> say) =>
        _registrations.Add(
            PosixSignalRegistration.Create(
                signal,
                context =>
                {
                    context.Cancel = true;
                    if (Interlocked.Increment(ref _signals) > 1)
                    {
                        say("Killed by the second signal: what was running is cut off where it was.");
#pragma warning disable RS0030 // The second signal asks for exactly this.
                        Environment.Exit(exitCode);
#pragma warning restore RS0030
                    }

                    ExitCode = exitCode;
                    say($"{word}: stopping the running target, then cleaning up. Once more kills at once.");
                    _stop.Cancel();
                }
            )
        );
}
