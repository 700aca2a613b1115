using System.Globalization;
using System.Security.Cryptography;

namespace Slipway.S3;

/// <summary>Writes objects to a bucket, reads them back byte by byte and deletes them: what a store says is no proof.</summary>
internal sealed class S3Canary(S3Store store, S3Session session)
{
    /// <summary>Two parts, the second a short one.</summary>
    private const int LargeSize = (5 << 20) + 1024;
    private readonly string _name = $"canary/check-{Guid.NewGuid():N}";

    private string Small => $"{_name}-small";

    private string Large => $"{_name}-large";

    private string Taken => $"{_name}-lock";

    /// <summary>Does it all; a step that fails does not keep the others from being tried.</summary>
    public async Task<IReadOnlyList<S3CheckResult>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return
            [
                await StepAsync("small object", token => ComeBackAsync(Small, 1024, token), cancellationToken),
                await StepAsync("multipart object", token => ComeBackAsync(Large, LargeSize, token), cancellationToken),
                await StepAsync("encryption at rest", EncryptedAsync, cancellationToken),
                await StepAsync("conditional create", CreateOnceAsync, cancellationToken),
                await StepAsync("delete", DeleteAsync, cancellationToken),
            ];
        }
        finally
        {
            await ClearAsync();
        }
    }

    private static async Task<S3CheckResult> StepAsync(
        string name,
        Func<CancellationToken, Task<S3CheckResult>> step,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await step(cancellationToken)) with { Name = name };
        }
        catch (S3StoreException exception)
        {
            return new(name, S3CheckOutcome.Fail, exception.Message, exception.Hint);
        }
    }

    private async Task<S3CheckResult> ComeBackAsync(string key, int size, CancellationToken cancellationToken)
    {
        var sent = RandomNumberGenerator.GetBytes(size);
        await store.PutAsync(key, (stream, token) => stream.WriteAsync(sent, token).AsTask(), cancellationToken);
        await using var stream = await store.OpenAsync(key, cancellationToken);
        if (stream is null)
        {
            return Fail("it was written and is not there", "use a store that reads what it has written");
        }

        var came = new byte[size + 1];
        var count = await stream.ReadAtLeastAsync(came, came.Length, throwOnEndOfStream: false, cancellationToken);
        var same = sent.AsSpan().CommonPrefixLength(came.AsSpan(0, count));
        return count == size && same == size
            ? Pass(string.Create(CultureInfo.InvariantCulture, $"{size} bytes came back as they were sent"))
            : Fail(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{size} bytes were sent, {count} came back, the first {same} the same"
                ),
                "nothing kept there can be relied on: use another store"
            );
    }

    private async Task<S3CheckResult> EncryptedAsync(CancellationToken cancellationToken)
    {
        var head = await session.Retry.RunAsync(
            "Looking at",
            session.Requests.FullKey(Small),
            token => session.Client.GetObjectMetadataAsync(session.Requests.Head(Small), token),
            cancellationToken
        );
        var seen = head.ServerSideEncryptionMethod?.Value ?? "";
        var asked = session.Settings.Encryption switch
        {
            S3StorageEncryption.Aes256 => "AES256",
            S3StorageEncryption.AwsKms => "aws:kms",
            _ => "",
        };
        return (asked, seen) switch
        {
            (_, "") when asked.Length > 0 => Fail(
                $"{asked} was asked for and the store says nothing of it",
                "set the bucket's default encryption, or use a store that encrypts"
            ),
            (_, "") => new(
                "",
                S3CheckOutcome.Unknown,
                "the store does not say that it encrypts what it keeps",
                "set the bucket's default encryption"
            ),
            _ when asked.Length > 0 && seen != asked => Fail(
                $"{asked} was asked for, {seen} was done",
                "correct the encryption in the settings"
            ),
            _ => Pass(seen),
        };
    }

    private async Task<S3CheckResult> CreateOnceAsync(CancellationToken cancellationToken)
    {
        var first = await store.TryCreateAsync(Taken, new byte[] { 1 }, cancellationToken);
        var second = await store.TryCreateAsync(Taken, new byte[] { 2 }, cancellationToken);
        return first && !second
            ? Pass("the second of two was refused")
            : Fail("both of two were taken", "keep locks in another store");
    }

    private async Task<S3CheckResult> DeleteAsync(CancellationToken cancellationToken)
    {
        await store.DeleteAsync(Small, cancellationToken);
        await using var still = await store.OpenAsync(Small, cancellationToken);
        return still is null
            ? Pass("what was deleted is gone")
            : Fail("what was deleted is still there", "retention will not work: look at the store");
    }

    private async Task ClearAsync()
    {
        using var limit = new CancellationTokenSource(session.Settings.AbortTimeout, session.Time);
        foreach (var key in new[] { Small, Large, Taken })
        {
            try
            {
                await store.DeleteAsync(key, limit.Token);
            }
            catch (Exception exception) when (exception is S3StoreException or OperationCanceledException)
            {
                session.Warn?.Invoke($"{key} stays in {store.Location}: {exception.Message}");
            }
        }
    }

    private static S3CheckResult Pass(string evidence) => new("", S3CheckOutcome.Pass, evidence, null);

    private static S3CheckResult Fail(string evidence, string remedy) => new("", S3CheckOutcome.Fail, evidence, remedy);
}
