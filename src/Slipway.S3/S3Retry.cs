using System.Globalization;

namespace Slipway.S3;

/// <summary>Tries a request again while that can help; the client itself never does.</summary>
/// <param name="settings">How often, with which waits and timeouts.</param>
/// <param name="time">The clock.</param>
/// <param name="warn">Is told of every try that failed; null when nobody listens.</param>
internal sealed class S3Retry(S3Settings settings, TimeProvider time, Action<string>? warn)
{
    /// <summary>Runs a request to its success or its last failure.</summary>
    /// <param name="what">What is being done, such as <c>Writing</c>.</param>
    /// <param name="key">The object's key with the prefix; null for the bucket.</param>
    /// <param name="call">One try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> RunAsync<T>(
        string what,
        string? key,
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken
    )
    {
        for (var tries = 1; ; tries++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (result, failure, exception) = await TryAsync(call, cancellationToken);
            if (failure is null)
            {
                return result!;
            }

            if (!failure.IsTransient || tries >= settings.Attempts)
            {
                throw S3Message.Exception(settings, what, key, AfterTries(failure, tries), exception);
            }

            warn?.Invoke(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} s3://{settings.Bucket}/{key}: {S3Message.Text(failure)}; try {tries + 1} of {settings.Attempts} follows"
                )
            );
            await Task.Delay(Wait(tries), time, cancellationToken);
        }
    }

    private async Task<(T? Result, S3Failure? Failure, Exception? Exception)> TryAsync<T>(
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(settings.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return (await call(either.Token), null, null);
        }
        catch (Exception exception) when (exception is not S3StoreException)
        {
            // A cancelled request ends in whatever error the network was in.
            cancellationToken.ThrowIfCancellationRequested();
            if (S3Failure.Of(exception) is not { } failure)
            {
                throw;
            }

            return (default, failure, exception);
        }
    }

    private static S3Failure AfterTries(S3Failure failure, int count) =>
        count == 1
            ? failure
            : failure with
            {
                Detail = string.Create(CultureInfo.InvariantCulture, $"{count} tries, the last: {failure.Detail}"),
            };

    // Doubling, and half of it by chance: many clients that failed together do not come back together.
    private TimeSpan Wait(int failed)
    {
        var longest = Math.Min(
            settings.MaxRetryDelay.Ticks,
            settings.RetryDelay.Ticks * Math.Pow(2, Math.Min(failed - 1, 30))
        );
#pragma warning disable CA5394 // Not a secret.
        return TimeSpan.FromTicks((long)(longest * (0.5 + (Random.Shared.NextDouble() / 2))));
#pragma warning restore CA5394
    }
}
