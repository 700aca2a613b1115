using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Tests.Processes;

public sealed class ProcessRunnerTests
{
    private readonly ProcessRunner _runner = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Returns_exit_code_output_and_error_whatever_they_are()
    {
        var result = await _runner.RunAsync(Command.Of("sh", "-c", "echo out; echo err >&2; exit 7"), null, Token);

        Assert.Equal((7, "out", "err"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Hands_arguments_over_as_they_are()
    {
        string[] words = ["a b", "", "$HOME", "`x`", "\"'", "*"];

        var result = await _runner.RunAsync(Command.Of("printf", ["<%s>\n", .. words]), null, Token);

        Assert.Equal(words.Select(word => $"<{word}>"), result.Output.Split('\n'));
    }

    [Fact]
    public async Task Gives_a_variable_without_showing_it()
    {
        var command = Command.Of("printenv", "TOKEN") with
        {
            Variables = new Dictionary<string, Secret> { ["TOKEN"] = new("hush") },
        };

        Assert.Equal("hush", (await _runner.RunAsync(command, null, Token)).Output);
        Assert.DoesNotContain("hush", $"{command} {command.Variables["TOKEN"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_how_to_get_a_program_that_is_missing()
    {
        var error = await Assert.ThrowsAsync<CommandFailedException>(() =>
            _runner.RunAsync(Command.Of("no-such-program"), null, Token)
        );

        Assert.Contains("install no-such-program", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_a_command_that_takes_too_long()
    {
        var command = Command.Of("sh", "-c", "echo working; exec sleep 600") with { Timeout = TimeSpan.FromSeconds(1) };

        var error = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.RunAsync(command, null, Token));

        Assert.Contains("did not finish within 00:00:01", error.Message, StringComparison.Ordinal);
        Assert.Contains("working", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupts_first_so_that_the_program_can_tidy_up()
    {
        using var stop = new CancellationTokenSource();
        var file = Path.GetTempFileName();
        var command = Command.Of(
            "sh",
            "-c",
            "trap 'echo tidied > \"$0\"; exit 0' TERM; echo ready; while :; do sleep 0.05; done",
            file
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _runner.RunAsync(command, _ => stop.Cancel(), stop.Token)
        );

        Assert.Equal("tidied\n", await File.ReadAllTextAsync(file, Token));
        File.Delete(file);
    }

    [Fact]
    public async Task Kills_a_program_that_ignores_the_interrupt()
    {
        using var stop = new CancellationTokenSource();
        var command = Command.Of("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done") with
        {
            Grace = TimeSpan.FromMilliseconds(200),
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _runner.RunAsync(command, _ => stop.Cancel(), stop.Token)
        );
    }

    [Fact]
    public async Task Streams_bytes_and_ends_the_command_when_reading_fails()
    {
        var count = 0L;
        var result = await _runner.StreamAsync(
            Command.Of("head", "-c", "5000000", "/dev/zero"),
            async (stream, token) =>
            {
                var buffer = new byte[65536];
                for (int read; (read = await stream.ReadAsync(buffer, token)) > 0; )
                {
                    count += read;
                }
            },
            Token
        );
        Assert.Equal((0, 5_000_000L), (result.ExitCode, count));

        await Assert.ThrowsAsync<IOException>(() =>
            _runner.StreamAsync(Command.Of("yes"), (_, _) => throw new IOException("disk full"), Token)
        );
    }
}
