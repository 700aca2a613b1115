namespace Slipway.S3;

/// <summary>How long what is written cannot be deleted.</summary>
/// <param name="Mode">Who may lift it.</param>
/// <param name="Length">For how long, from the moment of writing.</param>
public sealed record S3Retention(S3RetentionMode Mode, TimeSpan Length)
{
    /// <summary>
    /// Keys that it applies to; <c>backups/</c> by default, because locks and run records are written again and again
    /// and each version would stay.
    /// </summary>
    public string KeyPrefix { get; init; } = "backups/";
}
