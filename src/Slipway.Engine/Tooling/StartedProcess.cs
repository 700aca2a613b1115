using System.Collections.Concurrent;
using System.Diagnostics;
using Nuke.Common.Execution;

namespace Nuke.Common.Tooling;

/// <summary>A process with the lines it writes; it is killed when its time is over or the running target is stopped.</summary>
internal sealed class StartedProcess : IProcess
{
    private readonly ConcurrentQueue<Output> _output = new();
    private readonly Process _process;
    private readonly int? _timeout;
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public StartedProcess(
        ProcessStartInfo start,
        string arguments,
        int? timeout,
        Action<OutputType, string> logger,
        Func<string, string> filter
    )
    {
        (Arguments, FileName, WorkingDirectory, _timeout) = (
            arguments,
            start.FileName,
            start.WorkingDirectory,
            timeout
        );
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(OutputType.Std, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(OutputType.Err, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Add(OutputType type, string? line)
        {
            if (line is not null)
            {
                _output.Enqueue(new() { Type = type, Text = line });
                logger(type, filter(line));
            }
        }
    }

    public string FileName { get; }

    public string Arguments { get; }

    public string WorkingDirectory { get; }

    public IReadOnlyCollection<Output> Output => _output;

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    public void Kill() => _process.Kill(entireProcessTree: true);

    public bool WaitForExit()
    {
        var token = RunToken.Current;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token);
        if (_timeout is { } limit)
        {
            var left = TimeSpan.FromMilliseconds(limit) - TimeProvider.System.GetElapsedTime(_started);
            either.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        try
        {
#pragma warning disable VSTHRD002 // The signature is synchronous, and no synchronisation context exists.
            _process.WaitForExitAsync(either.Token).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            return true;
        }
        catch (OperationCanceledException)
        {
            Kill();
            token.ThrowIfCancellationRequested();
            return false;
        }
    }

    public void Dispose() => _process.Dispose();
}
