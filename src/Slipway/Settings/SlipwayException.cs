namespace Slipway.Settings;

/// <summary>An error whose message is meant for the person who runs a deploy.</summary>
/// <param name="message">What failed, with which values.</param>
/// <param name="hint">What to do about it, best as one command.</param>
/// <param name="exitCode">The exit code of a run that ends with this error.</param>
/// <param name="inner">What caused it, if something else threw.</param>
public class SlipwayException(string message, string hint, ExitCode exitCode = ExitCode.Failed, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;

    /// <summary>The exit code of a run that ends with this error.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}
