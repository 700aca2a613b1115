namespace Slipway.Settings;

/// <summary>Knows the values that the checklist and the examples hold only to be replaced.</summary>
internal static class Placeholders
{
    private static readonly string[] Texts =
    [
        "your-production-",
        "your-app",
        "user:password@host",
        "/path/to/",
        "example.com",
        "example.org",
        "example.net",
    ];

    /// <summary>The placeholder in a value, or null.</summary>
    public static string? Find(string value) =>
        Texts.FirstOrDefault(text => value.Contains(text, StringComparison.OrdinalIgnoreCase));
}
