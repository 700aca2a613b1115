namespace Slipway.Postgres;

/// <summary>The folders in which programs are looked for.</summary>
internal static class SearchPath
{
#pragma warning disable RS0030 // PATH is the machine's, not a setting of the deploy.
    public static IReadOnlyList<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
#pragma warning restore RS0030

    public static string? Find(string program) =>
        Folders().Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
