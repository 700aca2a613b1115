using Slipway.Settings;

namespace Slipway.Runs;

/// <summary>The person at the terminal, who is waited for as long as a question may stand and no longer than the run goes on.</summary>
/// <param name="input">Where the answers come from.</param>
/// <param name="time">The clock; it starts now.</param>
internal sealed class Typist(TextReader input, TimeProvider time)
{
    // The lock is kept while the question stands.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private readonly long _asked = time.GetTimestamp();

    /// <summary>Reads a line; null when there is none any more.</summary>
    /// <param name="refused">Makes the error out of why there is no answer and what to do.</param>
    /// <param name="cancellationToken">Stops waiting at once.</param>
    /// <exception cref="SlipwayException">Nobody answered in time.</exception>
    public async Task<string?> ReadAsync(
        Func<string, string, SlipwayException> refused,
        CancellationToken cancellationToken
    )
    {
        var left = Limit - time.GetElapsedTime(_asked);
        try
        {
            // A console's read cannot be interrupted, so it is left behind on a thread that ends with the process.
            return await Task.Run(input.ReadLine, CancellationToken.None)
                .WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw refused(
                $"nobody answered within {RunOutput.Duration(Limit)}",
                "nothing was changed; run it again when somebody can answer"
            );
        }
    }
}
