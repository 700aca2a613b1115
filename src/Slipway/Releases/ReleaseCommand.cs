using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Makes the command that starts a release.</summary>
internal static class ReleaseCommand
{
    /// <summary>The environment's start command with its variables; the folder of the log is made.</summary>
    /// <param name="environment">Says how a release is started.</param>
    /// <param name="id">The release.</param>
    /// <param name="files">Its folder.</param>
    /// <param name="port">The port it has to listen on.</param>
    /// <param name="log">The file it is told to log to; null for none.</param>
    public static Command Of(DeploymentEnvironment environment, string id, string files, int port, string? log)
    {
        var variables = new Dictionary<string, Secret>(environment.Variables)
        {
            ["PORT"] = new($"{port}"),
            ["APP_VERSION"] = new(id),
        };
        if (log is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(log)!);
            variables["LOG_FILE"] = new(log);
        }

        var words = Placeholders.Fill(
            environment.Release.Start,
            ("folder", files),
            ("release", id),
            ("environment", environment.Name)
        );
        return new(words[0], [.. words.Skip(1)]) { Folder = files, Variables = variables };
    }
}
