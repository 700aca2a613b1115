using Slipway.Settings;

namespace Slipway.S3;

/// <summary>A request to the store failed for good.</summary>
/// <param name="message">What failed, with which values.</param>
/// <param name="hint">What to do about it.</param>
/// <param name="inner">What the client or the network said; null when the store itself is at fault.</param>
public sealed class S3StoreException(string message, string hint, Exception? inner)
    : SlipwayException(message, hint, ExitCode.Failed, inner)
{
    /// <summary>Why.</summary>
    public required S3Cause Cause { get; init; }

    /// <summary>The bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>The object's key, with the prefix; null when the request was about the bucket.</summary>
    public string? Key { get; init; }

    /// <summary>HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>The store's own word for the error, such as <c>AccessDenied</c>; null when there was none.</summary>
    public string? Code { get; init; }

    /// <summary>What the store's operator finds the request by; null when there was no answer.</summary>
    public string? RequestId { get; init; }
}
