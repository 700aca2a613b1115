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
        await new DebianPackages(processes).InstallAsync("postgresql", Manual, cancellationToken);
        return PostgresPrograms.ServerFolder(OldestMajor)
            ?? throw new SlipwayException(
                "The package postgresql brought no server 14 or newer",
                Manual,
                ExitCode.Refused
            );
    }
}
