using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Environments;

/// <summary>Installs programs from Debian's packages.</summary>
public sealed class DebianPackages(IProcessRunner processes)
{
    /// <summary>Installs a package.</summary>
    /// <param name="package">Its name.</param>
    /// <param name="manual">What a person does when this fails.</param>
    /// <param name="cancellationToken">Stops installing.</param>
    /// <exception cref="CommandFailedException">It cannot be installed, or this is no Debian.</exception>
    public async Task InstallAsync(string package, string manual, CancellationToken cancellationToken)
    {
        string[][] calls =
        [
            ["update", "-q"],
            ["install", "-y", "-q", "--no-install-recommends", package],
        ];
        foreach (var words in calls)
        {
            await AptAsync(words, manual, cancellationToken);
        }
    }

    private async Task AptAsync(string[] words, string manual, CancellationToken cancellationToken)
    {
        // As anybody but root through sudo, which must not stop to ask for a password.
        var full = Environment.IsPrivilegedProcess
            ? (string[])["apt-get", .. words]
            : ["sudo", "-n", "apt-get", .. words];
        var command = new Command(full[0], full[1..])
        {
            Variables = new Dictionary<string, Secret> { ["DEBIAN_FRONTEND"] = new("noninteractive") },
            Timeout = TimeSpan.FromMinutes(10),

            // sudo remembers for each terminal who was let in.
            KeepsTerminal = true,
        };
        var result = await processes.RunAsync(command, null, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new CommandFailedException(command, result, $"failed: {result.Error.Split('\n')[^1]}", manual);
        }
    }
}
