using Slipway.Settings;

namespace Slipway.Storage;

/// <summary>What may name an object in a store.</summary>
public static class ObjectKey
{
    /// <summary>True for a relative path of letters, digits and <c>._-</c> in which no part is empty or begins with a dot.</summary>
    public static bool IsValid(string key) =>
        key.Split('/')
            .All(part =>
                part.Length > 0
                && part[0] != '.'
                && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            );

    /// <summary>Returns a key that may be used.</summary>
    /// <param name="key">The key.</param>
    /// <param name="location">The store, for the message.</param>
    /// <exception cref="SlipwayException">It may not.</exception>
    public static string Check(string key, string location) =>
        IsValid(key)
            ? key
            : throw new SlipwayException(
                $"'{key}' cannot name an object in {location}",
                "use letters, digits and ._- with / between the parts"
            );
}
