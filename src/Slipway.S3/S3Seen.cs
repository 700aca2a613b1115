namespace Slipway.S3;

/// <summary>Something that was looked for.</summary>
/// <param name="Value">What was seen; the default when nothing was.</param>
/// <param name="Hidden">Why it could not be seen; null when it was.</param>
internal readonly record struct S3Seen<T>(T? Value, string? Hidden)
{
    public static S3Seen<T> At(T value) => new(value, null);

    public static S3Seen<T> Not(string why) => new(default, why);
}
