using Nuke.Common.IO;

namespace Nuke.Common.Execution;

/// <summary>Where a build runs. There is one build in a process, and NUKE's own members for it are static.</summary>
internal sealed class BuildContext
{
    private static BuildContext? _current;

    public static BuildContext Current =>
        _current ??= Find(Environment.GetCommandLineArgs()[1..], Directory.GetCurrentDirectory());

    public required AbsolutePath Root { get; init; }

    public bool IsServer { get; init; }

    public bool IsGitHub { get; init; }

    private static BuildContext Find(string[] arguments, string folder)
    {
        var gitHub = Variable("GITHUB_ACTIONS") is not null;
        return new()
        {
            Root = AbsolutePath.Create(RootIn(arguments) ?? Above(folder)),
            IsGitHub = gitHub,
            IsServer = gitHub || Variable("CI") is not null,
        };
    }

    private static string? RootIn(string[] arguments)
    {
        var index = Array.FindIndex(arguments, word => word is "--root" or "-root");
        if (index >= 0)
        {
            return index + 1 < arguments.Length && !arguments[index + 1].StartsWith('-') ? arguments[index + 1] : ".";
        }

        return Array.Find(arguments, word => word.StartsWith("--root=", StringComparison.Ordinal))?["--root=".Length..];
    }

    private static string Above(string folder)
    {
        for (var place = folder; place is not null; place = Path.GetDirectoryName(place))
        {
            if (Directory.Exists(Path.Combine(place, ".nuke")))
            {
                return place;
            }
        }

        throw new UsageException(
            $"There is no folder .nuke in {folder} or above it.\nHINT: start from the project's folder, or name it with --root <folder>."
        );
    }

#pragma warning disable RS0030 // The engine is where the environment of the process comes in.
    internal static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    internal static IReadOnlyDictionary<string, string> Variables() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
#pragma warning restore RS0030
}
