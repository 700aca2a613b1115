using System.Runtime.InteropServices;

namespace Nuke.Common.Execution;

/// <summary>The first SIGINT or SIGTERM asks the run to stop; a second one is left to the system, which kills at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];
    private PosixSignal? _signal;

    /// <summary>Ends when a signal has come.</summary>
    public Task Requested => _requested.Task;

    public bool IsRequested => _requested.Task.IsCompleted;

    public string SignalName => _signal == PosixSignal.SIGTERM ? "SIGTERM" : "Ctrl-C";

    public int ExitCode => _signal == PosixSignal.SIGTERM ? 143 : 130;

    public void Register()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle));
    }

    public bool Request(PosixSignal signal)
    {
        if (IsRequested)
        {
            return false;
        }

        _signal = signal;
        return _requested.TrySetResult();
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Handle(PosixSignalContext context) => context.Cancel = Request(context.Signal);
}
