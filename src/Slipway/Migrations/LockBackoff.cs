using System.Security.Cryptography;
using Slipway.Runs;

namespace Slipway.Migrations;

/// <summary>Waits before a lock is tried for again: longer every time, and never in step with others.</summary>
internal static class LockBackoff
{
    public static Task WaitAsync(
        string migration,
        int attempt,
        int tries,
        RunOutput output,
        CancellationToken cancellationToken
    )
    {
        var most = 500 << (attempt - 1);
        var pause = TimeSpan.FromMilliseconds(most / 2 + RandomNumberGenerator.GetInt32(most / 2));
        output.Line(
            $"{migration}: a lock on a table was not free; try {attempt + 1} of {tries} in {RunOutput.Duration(pause)}"
        );
        return Task.Delay(pause, output.Time, cancellationToken);
    }
}
