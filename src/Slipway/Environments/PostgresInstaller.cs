using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Environments;

/// <summary>Gets PostgreSQL's server programs from the platform's packages when there are none.</summary>
public sealed class PostgresInstaller(IProcessRunner processes, RunOutput output)
{
    private const int OldestMajor = 14;

    /// <summary>Folder with <c>initdb</c>, <c>pg_ctl</c> and their like.</summary>
    /// <exception cref="SlipwayException">There is none and it cannot be installed.</exception>
    public async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        if (PostgresPrograms.ServerFolder(OldestMajor) is { } folder)
        {
            return folder;
        }

        const string Manual = "install a PostgreSQL server (14 or newer), on Debian: sudo apt-get install postgresql";
        if (SearchPath.Find("apt-get") is null)
        {
            throw new SlipwayException(
                "There is no PostgreSQL server and no apt-get to install one with",
                Manual,
                ExitCode.Refused
            );
        }

        output.Line("  no PostgreSQL server is installed: installing Debian's package postgresql");
        string[][] calls =
        [
            ["update", "-q"],
            ["install", "-y", "-q", "--no-install-recommends", "postgresql"],
        ];
        foreach (var words in calls)
        {
            await AptAsync(words, Manual, cancellationToken);
        }

        return PostgresPrograms.ServerFolder(OldestMajor)
            ?? throw new SlipwayException(
                "The package postgresql brought no server 14 or newer",
                Manual,
                ExitCode.Refused
            );
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
