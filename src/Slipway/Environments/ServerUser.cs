namespace Slipway.Environments;

/// <summary>Whom a server runs as when a deploy runs as root.</summary>
internal static class ServerUser
{
    private static string[] Users => File.Exists("/etc/passwd") ? File.ReadAllLines("/etc/passwd") : [];

    /// <summary>postgres where the package made that user, otherwise nobody.</summary>
    public static string Name =>
        Users.Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    /// <summary>
    /// Starts a command as that user. It may read folders above its own that are closed to it, such as /root; what it can
    /// write is not widened.
    /// </summary>
    public static IReadOnlyList<string> Prefix =>
        [
            "setpriv",
            $"--reuid={Name}",
            $"--regid={Group}",
            "--clear-groups",
            "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search",
            "--",
        ];

    private static string Group =>
        Users.First(line => line.StartsWith($"{Name}:", StringComparison.Ordinal)).Split(':')[3];
}
