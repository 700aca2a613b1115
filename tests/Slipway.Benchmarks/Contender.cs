using System.Diagnostics;

namespace Slipway.Benchmarks;

/// <summary>A program that takes part in a contest.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Folder">Where it runs.</param>
public sealed record Contender(string Name, IReadOnlyList<string> Command, string Folder)
{
    /// <summary>Variables that it gets beside the inherited ones.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Process of the database server that works for it; null when none does.</summary>
    public int? Server { get; init; }

    /// <summary>Done before every run, off the clock.</summary>
    public Func<Task> Before { get; init; } = () => Task.CompletedTask;

    /// <summary>What starts this program again, as a peer is started.</summary>
    public static IReadOnlyList<string> ThisProgram { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet"
            // Started through dotnet, the program is its first argument.
            ? [Environment.ProcessPath!, typeof(Contender).Assembly.Location]
            : [Environment.ProcessPath!];

    /// <summary>Runs it once.</summary>
    /// <exception cref="InvalidOperationException">It failed: what does not work is not measured.</exception>
    public async Task<Measured> RunAsync()
    {
        var start = new ProcessStartInfo(Command[0], Command.Skip(1))
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        await Before();
        var (cpu, serverCpu) = (CpuTime.OfChildren(Environment.ProcessId), ServerCpu());
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        var memory = 0L;
        for (var ended = process.WaitForExitAsync(); !ended.IsCompleted; await Task.WhenAny(ended, Task.Delay(20)))
        {
            memory = Math.Max(memory, Peak(process));
        }

        var wall = clock.Elapsed;
        // The server learns only now that its sessions have ended.
        await Task.Delay(TimeSpan.FromMilliseconds(Server is null ? 0 : 300));
        return process.ExitCode == 0
            ? new(wall, memory, CpuTime.OfChildren(Environment.ProcessId) - cpu, ServerCpu() - serverCpu)
            : throw new InvalidOperationException(
                $"{Name} ended with exit code {process.ExitCode}:\n{await output}\n{await error}"
            );
    }

    private TimeSpan ServerCpu() => Server is { } process ? CpuTime.OfChildren(process) : TimeSpan.Zero;

    private static long Peak(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
