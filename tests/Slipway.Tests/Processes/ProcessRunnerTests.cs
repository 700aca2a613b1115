using System.Security.Cryptography;
using Slipway.Processes;
using Slipway.Settings;
using Slipway.Tests.Support;

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

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM;")]
    public async Task Stops_what_a_script_started_with_the_script(string childIgnores)
    {
        using var folder = new TemporaryFolder();
        var (script, work) = (folder["deploy.sh"], folder["work"]);
        await File.WriteAllTextAsync(
            script,
            $$"""
            #!/bin/sh
            # A pipeline in the background and a step in front, as deploy scripts have them.
            (sh -c '{{childIgnores}} while :; do echo copied >>"$0"; sleep 0.05; done' "$1" | cat) >/dev/null 2>&1 &
            while [ ! -s "$1" ]; do sleep 0.01; done
            echo ready
            sh -c 'sleep 600; echo "went on" >>"$0"' "$1"
            echo "went on" >>"$1"
            """,
            Token
        );
        await _runner.RunAsync(Command.Of("chmod", "+x", script), null, Token);
        using var stop = new CancellationTokenSource();
        var command = Command.Of(script, work) with { Grace = TimeSpan.FromMilliseconds(300) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _runner.RunAsync(command, _ => stop.Cancel(), stop.Token)
        );

        await StandsStillAsync(work);
    }

    [Fact]
    public async Task Stops_what_a_script_left_behind_when_it_failed()
    {
        using var folder = new TemporaryFolder();
        const string Script = """
            (while :; do echo copied >>"$0"; sleep 0.05; done) >/dev/null 2>&1 &
            while [ ! -s "$0" ]; do sleep 0.01; done
            exit 7
            """;

        var result = await _runner.RunAsync(Command.Of("sh", "-c", Script, folder["work"]), null, Token);

        Assert.Equal(7, result.ExitCode);
        await StandsStillAsync(folder["work"]);
    }

    [Fact]
    public async Task Leaves_alone_what_a_script_started_that_ended_well()
    {
        using var folder = new TemporaryFolder();
        const string Script = """
            (for i in 1 2 3 4 5; do echo serving >>"$0"; sleep 0.1; done; echo done >>"$0") >/dev/null 2>&1 &
            exit 0
            """;

        await _runner.RunAsync(Command.Of("sh", "-c", Script, folder["work"]), null, Token);

        while (
            !File.Exists(folder["work"])
            || !(await File.ReadAllTextAsync(folder["work"], Token)).EndsWith("done\n", StringComparison.Ordinal)
        )
        {
            await Task.Delay(20, Token);
        }
    }

    [Fact]
    public async Task Leads_a_session_of_its_own_unless_it_needs_the_terminal()
    {
        var command = Command.Of(
            "sh",
            "-c",
            "read -r pid name state parent group session rest </proc/$$/stat; echo $$ $session"
        );

        var own = (await _runner.RunAsync(command, null, Token)).Output.Split(' ');
        var shared = (await _runner.RunAsync(command with { KeepsTerminal = true }, null, Token)).Output.Split(' ');

        Assert.Equal(own[0], own[1]);
        Assert.NotEqual(shared[0], shared[1]);
    }

    [Fact]
    public async Task Says_that_a_script_is_not_executable_and_looks_for_it_in_its_folder()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["deploy.sh"], "#!/bin/sh\necho shipped\n", Token);
        var command = Command.Of("./deploy.sh") with { Folder = folder.Path };

        var error = await Assert.ThrowsAsync<CommandFailedException>(() => _runner.RunAsync(command, null, Token));
        Assert.Contains("is not executable", error.Message, StringComparison.Ordinal);
        Assert.Contains("chmod +x ./deploy.sh", error.Hint, StringComparison.Ordinal);
        await _runner.RunAsync(Command.Of("chmod", "+x", folder["deploy.sh"]), null, Token);

        Assert.Equal("shipped", (await _runner.RunAsync(command, null, Token)).Output);
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

    [Theory]
    [InlineData(1)]
    [InlineData(7_777)]
    [InlineData(3 << 20)]
    public async Task Streams_every_byte_whatever_the_size_of_the_reads(int size)
    {
        // Written in small pieces, with pauses, and larger at the end than what is read ahead.
        const string Script = "for i in 1 2 3; do seq $i 3000; sleep 0.01; done; seq 1 1000000";
        var script = size == 1 ? $"({Script}) | head -c 100000" : Script;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[size];
        await _runner.StreamAsync(Command.Of("sh", "-c", script), ReadAsync, Token);
        var expected = await _runner.RunAsync(Command.Of("sh", "-c", $"({script}) | sha256sum"), null, Token);

        Assert.Equal(expected.Output.Split(' ')[0], Convert.ToHexStringLower(hash.GetCurrentHash()));

        async Task ReadAsync(Stream stream, CancellationToken token)
        {
            for (int read; (read = await stream.ReadAsync(buffer, token)) > 0; )
            {
                hash.AppendData(buffer, 0, read);
            }
        }
    }

    private static async Task StandsStillAsync(string file)
    {
        var before = await File.ReadAllTextAsync(file, Token);
        await Task.Delay(300, Token);
        Assert.Equal(before, await File.ReadAllTextAsync(file, Token));
        Assert.DoesNotContain("went on", before, StringComparison.Ordinal);
    }
}
