using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>A backup could not be restored.</summary>
/// <param name="message">What failed, and what state things are in.</param>
/// <param name="hint">What to do about it.</param>
/// <param name="isFaultOfBackup">True when the backup itself cannot be restored, and not only here and now.</param>
/// <param name="exitCode">The exit code of the run.</param>
/// <param name="inner">What caused it.</param>
public sealed class RestoreFailedException(
    string message,
    string hint,
    bool isFaultOfBackup,
    ExitCode exitCode = ExitCode.Failed,
    Exception? inner = null
) : SlipwayException(message, hint, exitCode, inner)
{
    /// <summary>True when the backup itself cannot be restored, and not only here and now.</summary>
    public bool IsFaultOfBackup { get; } = isFaultOfBackup;
}
