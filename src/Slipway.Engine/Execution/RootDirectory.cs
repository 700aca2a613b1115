using Nuke.Common.IO;

namespace Nuke.Common.Execution;

/// <summary>Finds the folder that holds <c>.nuke</c>.</summary>
internal static class RootDirectory
{
    private const string Marker = ".nuke";

    public static (AbsolutePath Root, string? Problem) Find(EngineInput input)
    {
        var here = AbsolutePath.Create(input.WorkingDirectory);
        if (Given(input) is { } given)
        {
            var root = given.Length == 0 ? here : AbsolutePath.Create(Path.Combine(here, given));
            return (root, root.DirectoryExists() ? null : $"Root directory '{root}' does not exist");
        }

        var found = Above(here, input) ?? Above(AbsolutePath.Create(AppContext.BaseDirectory), input);
        return found is not null
            ? (found, null)
            : (
                here,
                $"No folder '{Marker}' in '{here}' or above it\nHINT: create '{Marker}' in the root folder, or pass --root <folder>"
            );
    }

    private static AbsolutePath? Above(AbsolutePath start, EngineInput input)
    {
        var home = input.Variable("HOME") ?? input.Variable("USERPROFILE");
        for (var folder = start; folder is not null; folder = folder.Parent)
        {
            // The user's own .nuke holds settings of the tool and marks no root.
            if ((folder / Marker).DirectoryExists() && !string.Equals(folder, home, StringComparison.Ordinal))
            {
                return folder;
            }
        }

        return null;
    }

    // Static members of a build may ask for the root before the parameters are read, so this looks for itself.
    private static string? Given(EngineInput input) => input.OnCommandLine("root") ?? input.Variable("NUKE_ROOT");
}
