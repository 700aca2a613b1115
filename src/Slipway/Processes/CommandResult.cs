namespace Slipway.Processes;

/// <summary>What a finished command left behind.</summary>
/// <param name="ExitCode">The exit code; 128 + signal number when a signal ended it.</param>
/// <param name="Output">The last lines of standard output, up to 1 MiB.</param>
/// <param name="Error">The last lines of standard error, up to 1 MiB.</param>
/// <param name="Duration">From start to exit.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error, TimeSpan Duration);
