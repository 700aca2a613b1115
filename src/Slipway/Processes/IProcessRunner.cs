namespace Slipway.Processes;

/// <summary>Starts programs.</summary>
public interface IProcessRunner
{
    /// <summary>Runs a command to its end and returns what it left behind, whatever its exit code.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="line">Gets every line of output and error as it comes; null when nobody watches.</param>
    /// <param name="cancellationToken">Interrupts the command and all it started (SIGTERM), and kills them after its grace time.</param>
    /// <exception cref="CommandFailedException">It could not be started or ran into its timeout.</exception>
    Task<CommandResult> RunAsync(Command command, Action<string>? line, CancellationToken cancellationToken);

    /// <summary>Runs a command whose standard output is a stream of bytes.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="read">Reads standard output to its end; its failure ends the command.</param>
    /// <param name="cancellationToken">Interrupts the command.</param>
    /// <exception cref="CommandFailedException">It could not be started or ran into its timeout.</exception>
    Task<CommandResult> StreamAsync(
        Command command,
        Func<Stream, CancellationToken, Task> read,
        CancellationToken cancellationToken
    );

    /// <summary>Runs a command whose standard input is a stream of bytes.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="write">
    /// Writes standard input; its failure ends the command. A command that wants no more of it ends well: the write then gets an
    /// <see cref="IOException"/>, which goes no further.
    /// </param>
    /// <param name="line">Gets every line of output and error as it comes; null when nobody watches.</param>
    /// <param name="cancellationToken">Interrupts the command.</param>
    /// <exception cref="CommandFailedException">It could not be started or ran into its timeout.</exception>
    Task<CommandResult> FeedAsync(
        Command command,
        Func<Stream, CancellationToken, Task> write,
        Action<string>? line,
        CancellationToken cancellationToken
    );
}
