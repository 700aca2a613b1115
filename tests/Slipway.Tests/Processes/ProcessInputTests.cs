using System.Text;
using Slipway.Processes;

namespace Slipway.Tests.Processes;

public sealed class ProcessInputTests
{
    private static readonly ProcessRunner Runner = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_gets_what_is_written_and_its_end()
    {
        var result = await Runner.FeedAsync(
            Command.Of("cat"),
            (input, token) => input.WriteAsync(Encoding.UTF8.GetBytes("one\ntwo"), token).AsTask(),
            null,
            Token
        );

        Assert.Equal((0, "one\ntwo"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task A_program_that_wants_no_more_ends_well()
    {
        var result = await Runner.FeedAsync(Command.Of("head", "-c", "3"), WriteForEverAsync, null, Token);

        Assert.Equal((0, "\0\0\0"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task A_source_that_fails_ends_the_program_and_is_what_is_told()
    {
        var error = await Assert.ThrowsAsync<IOException>(() =>
            Runner.FeedAsync(
                Command.Of("sh", "-c", "cat >/dev/null; sleep 60"),
                (_, _) => throw new IOException("the store is gone"),
                null,
                Token
            )
        );

        Assert.Equal("the store is gone", error.Message);
    }

    [Fact]
    public async Task An_interruption_does_not_wait_for_a_program_that_reads_nothing()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert
            .ThrowsAnyAsync<OperationCanceledException>(() =>
                Runner.FeedAsync(Command.Of("sleep", "60"), WriteForEverAsync, null, stop.Token)
            )
            .WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    private static async Task WriteForEverAsync(Stream input, CancellationToken cancellationToken)
    {
        for (var buffer = new byte[1 << 16]; ; )
        {
            await input.WriteAsync(buffer, cancellationToken);
        }
    }
}
