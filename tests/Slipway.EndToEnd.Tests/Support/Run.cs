using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A run of build.sh that goes on.</summary>
public sealed partial class Run : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _lock = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    public Run(
        IReadOnlyList<string> command,
        string folder,
        IReadOnlyDictionary<string, string>? variables = null,
        bool typed = false
    )
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var name in new[] { "CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "DATABASE_URL", "NO_COLOR" })
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        if (!typed)
        {
            _process.StandardInput.Close();
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_lock)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Types a line, as a person at the terminal.</summary>
    public Task TypeAsync(string line) => _process.StandardInput.WriteAsync($"{line}\n");

    public void Interrupt() => Assert.Equal(0, Kill(_process.Id, 2));

    public void Terminate() => Assert.Equal(0, Kill(_process.Id, 15));

    public void KillHard() => Assert.Equal(0, Kill(_process.Id, 9));

    /// <summary>Kills it, unless it has just ended by itself.</summary>
    public void KillIfAlive() => _ = Kill(_process.Id, 9);

    /// <summary>Waits until a text was printed; fails when the run ends without it.</summary>
    public async Task SeesAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _awaited.Add((text, seen));
        }

        Add(null);
        var ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAny(seen.Task, ended);
        Add(null);
        Assert.True(seen.Task.IsCompleted, $"'{text}' was not printed:\n{Output}");
    }

    public async Task<Outcome> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(_process.ExitCode, Output);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Add(string? line)
    {
        lock (_lock)
        {
            if (line is not null)
            {
                _output.Append(line).Append('\n');
            }

            var text = _output.ToString();
            foreach (var (awaited, seen) in _awaited)
            {
                if (text.Contains(awaited, StringComparison.Ordinal))
                {
                    seen.TrySetResult();
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
