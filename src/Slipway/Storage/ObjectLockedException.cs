using Slipway.Settings;

namespace Slipway.Storage;

/// <summary>The store keeps an object that was to be removed or replaced, because it is locked against that.</summary>
/// <param name="key">The object.</param>
/// <param name="until">When its lock ends; null for a hold without an end, or when the store does not say.</param>
/// <param name="inner">What the store answered.</param>
public sealed class ObjectLockedException(string key, DateTimeOffset? until, Exception? inner = null)
    : SlipwayException(
        $"{key} is locked{Text(until)}",
        "leave it until its lock ends; the store's own tools tell who locked it",
        ExitCode.Refused,
        inner
    )
{
    /// <summary>The object.</summary>
    public string Key { get; } = key;

    /// <summary>When its lock ends; null for a hold without an end, or when the store does not say.</summary>
    public DateTimeOffset? Until { get; } = until;

    private static string Text(DateTimeOffset? until) => until is { } end ? $" until {end:yyyy-MM-dd HH:mm}Z" : "";
}
