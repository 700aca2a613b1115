using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using Slipway.Postgres;

namespace Slipway.Processes;

/// <summary>Starts programs on this machine, each as the leader of a session of its own, so that none of its children is forgotten.</summary>
public sealed class ProcessRunner(TimeProvider time) : IProcessRunner
{
    private static readonly bool HasSessions = SearchPath.Find("setsid") is not null;

    /// <inheritdoc />
    public Task<CommandResult> RunAsync(Command command, Action<string>? line, CancellationToken cancellationToken) =>
        ExecuteAsync(
            command,
            line,
            (process, output, token) => ReadAsync(process.StandardOutput, output, line, token),
            cancellationToken
        );

    /// <inheritdoc />
    public Task<CommandResult> StreamAsync(
        Command command,
        Func<Stream, CancellationToken, Task> read,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            command,
            null,
            async (process, _, token) =>
            {
                await using var output = new ProcessOutput((PipeStream)process.StandardOutput.BaseStream);
                await read(output, token);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<CommandResult> FeedAsync(
        Command command,
        Func<Stream, CancellationToken, Task> write,
        Action<string>? line,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            command,
            line,
            async (process, output, token) =>
            {
                var feeding = ProcessInput.FeedAsync((PipeStream)process.StandardInput.BaseStream, write, token);
                var reading = ReadAsync(process.StandardOutput, output, line, token);
                // A write into a full pipe ends only with the process, which an interrupt must not wait for.
                await feeding.WaitAsync(token);
                await reading;
            },
            cancellationToken,
            feeds: true
        );

    private async Task<CommandResult> ExecuteAsync(
        Command command,
        Action<string>? line,
        Func<Process, TailBuffer, CancellationToken, Task> readOutput,
        CancellationToken cancellationToken,
        bool feeds = false
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = time.GetTimestamp();
        var leads = HasSessions && !command.KeepsTerminal;
        using var process = Start(command, leads, feeds);
        using var group = leads ? new ProcessGroup(process.Id).EndWithUs() : null;
        using var deadline = new CancellationTokenSource(command.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var (output, error) = (new TailBuffer(), new TailBuffer());
        try
        {
            var errors = ReadAsync(process.StandardError, error, line, stop.Token);
            await readOutput(process, output, stop.Token);
            await errors;
            await process.WaitForExitAsync(stop.Token);
            await StopRestAsync(process, group, command.Grace);
        }
        catch (Exception exception)
        {
            await StopAsync(process, group, command.Grace);
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw TookTooLong(command, Result());
            }

            throw;
        }

        return Result();

        CommandResult Result() =>
            new(
                process.HasExited ? process.ExitCode : -1,
                output.ToString(),
                error.ToString(),
                time.GetElapsedTime(started)
            );
    }

    private static Process Start(Command command, bool leads, bool feeds)
    {
        if (ProgramFile.Problem(command.Program, command.Folder) is { } problem)
        {
            throw CannotStart(command, problem);
        }

        var words = leads
            ? ["setsid", command.Program, .. command.Arguments]
            : (string[])[command.Program, .. command.Arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.Folder ?? "",
        };
        foreach (var name in command.Without)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in command.Variables)
        {
            start.Environment[name] = value.Reveal();
        }

        try
        {
#pragma warning disable RS0030 // This is the one place that starts programs and waits for them.
            var process = Process.Start(start)!;
#pragma warning restore RS0030
            (feeds ? null : process.StandardInput)?.Close();
            return process;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw CannotStart(command, exception.Message);
        }
    }

    private static CommandFailedException CannotStart(Command command, string problem) =>
        new(
            command,
            null,
            $"could not be started: {problem}",
            (
                problem.EndsWith("not executable", StringComparison.Ordinal)
                    ? $"chmod +x {command.Program}"
                    : $"install {command.Program} or put it on PATH"
            ) + (command.Folder is null ? "" : $", and see that the folder {command.Folder} exists")
        );

    private static async Task ReadAsync(
        StreamReader reader,
        TailBuffer tail,
        Action<string>? line,
        CancellationToken cancellationToken
    )
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } text)
        {
            tail.Add(text);
            line?.Invoke(text);
        }
    }

    // What a command that failed had started must not go on while its caller gets back.
    private async Task StopRestAsync(Process process, ProcessGroup? group, TimeSpan grace)
    {
        if (process.ExitCode != 0 && group is { IsAlive: true })
        {
            await group.EndAsync(grace, time);
        }
    }

    private async Task StopAsync(Process process, ProcessGroup? group, TimeSpan grace)
    {
        if (group is not null)
        {
            await group.EndAsync(grace, time);
        }
        else if (!process.HasExited)
        {
            Signals.Terminate(process.Id);
        }

        using var limit = new CancellationTokenSource(grace, time);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static CommandFailedException TookTooLong(Command command, CommandResult result) =>
        new(
            command,
            result,
            $"did not finish within {command.Timeout} and was stopped",
            $"see why it takes so long, or give it a longer timeout; its last words: {Last(result)}"
        );

    private static string Last(CommandResult result) =>
        (result.Error.Length > 0 ? result.Error : result.Output).Split('\n')[^1];
}
