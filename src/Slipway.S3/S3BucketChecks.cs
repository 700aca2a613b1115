namespace Slipway.S3;

/// <summary>Checks that a bucket is fit to keep backups in.</summary>
/// <param name="settings">The bucket.</param>
/// <param name="time">The clock.</param>
/// <param name="warn">Is told of each try that failed and is repeated; null when nobody listens.</param>
public sealed class S3BucketChecks(S3Settings settings, TimeProvider time, Action<string>? warn)
{
    /// <summary>Looks, judges, and writes, reads and deletes a few objects under <c>canary/</c>.</summary>
    /// <param name="keep">How long backups are kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// <c>access</c> first; when that fails nothing else. What could not be seen is <see cref="S3CheckOutcome.Unknown"/>.
    /// </returns>
    public async Task<IReadOnlyList<S3CheckResult>> RunAsync(TimeSpan keep, CancellationToken cancellationToken)
    {
        try
        {
            using var session = new S3Session(settings, time, warn);
            using var store = new S3Store(settings with { PartSize = 5 << 20 }, time, warn);
            var facts = await new S3BucketObserver(session).ObserveAsync(cancellationToken);
            return
            [
                new("access", S3CheckOutcome.Pass, settings.ToString(), null),
                .. new S3BucketJudge(settings, keep).Judge(facts),
                .. await new S3Canary(store, session).RunAsync(cancellationToken),
            ];
        }
        catch (S3StoreException exception)
        {
            return [new("access", S3CheckOutcome.Fail, exception.Message, exception.Hint)];
        }
    }
}
