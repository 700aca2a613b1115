using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Processes;

/// <summary>Starts programs on this machine.</summary>
public sealed class ProcessRunner(TimeProvider time) : IProcessRunner
{
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
            (process, _, token) => read(process.StandardOutput.BaseStream, token),
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
                var feeding = ProcessInput.FeedAsync(process.StandardInput.BaseStream, write, token);
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
        using var process = Start(command, feeds);
        using var deadline = new CancellationTokenSource(command.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var (output, error) = (new TailBuffer(), new TailBuffer());
        try
        {
            var errors = ReadAsync(process.StandardError, error, line, stop.Token);
            await readOutput(process, output, stop.Token);
            await errors;
            await process.WaitForExitAsync(stop.Token);
        }
        catch (Exception exception)
        {
            await StopAsync(process, command.Grace);
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

    private static Process Start(Command command, bool feeds)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
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
            throw new CommandFailedException(
                command,
                null,
                $"could not be started: {exception.Message}",
                $"install {command.Program} or put it on PATH"
                    + (command.Folder is null ? "" : $", and see that the folder {command.Folder} exists")
            );
        }
    }

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

    private async Task StopAsync(Process process, TimeSpan grace)
    {
        if (process.HasExited)
        {
            return;
        }

        Signals.Terminate(process.Id);
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
