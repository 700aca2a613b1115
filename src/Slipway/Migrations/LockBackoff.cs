using System.Security.Cryptography;
using Slipway.Runs;

namespace Slipway.Migrations;

/// <summary>Waits before a lock is tried for again: longer every time, and never in step with others.</summary>
internal static class LockBackoff
{
    /// <summary>How often a lock is tried for: over about half a minute, in which others wait behind us for moments only.</summary>
    public const int Tries = 10;

    private const int MostMilliseconds = 8000;

    /// <summary>Waits after an attempt that was not the last.</summary>
    public static Task WaitAsync(string migration, int attempt, RunOutput output, CancellationToken cancellationToken)
    {
        var most = Math.Min(500 << (attempt - 1), MostMilliseconds);
        var pause = TimeSpan.FromMilliseconds(most / 2 + RandomNumberGenerator.GetInt32(most / 2));
        output.Line(
            $"{migration}: a lock on a table was not free; try {attempt + 1} of {Tries} in {RunOutput.Duration(pause)}"
        );
        return Task.Delay(pause, output.Time, cancellationToken);
    }
}
