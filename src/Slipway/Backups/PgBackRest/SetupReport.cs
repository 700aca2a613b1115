using System.Text;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>What still has to be done on a server before its write-ahead log is archived.</summary>
/// <param name="Differences">Settings of the server that must change; empty when there are none.</param>
public sealed record SetupReport(IReadOnlyList<SettingDifference> Differences)
{
    /// <summary>For a person: every setting with what it is, what it must be, and the statement that changes it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var difference in Differences)
        {
            var value = difference.Value is { Length: > 0 } now ? $"is {now}" : "is not set";
            text.Append($"  {difference.Name} {value}, and must be {Needed(difference)}\n    → {difference.Remedy}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The error of a target that needs archiving.</summary>
    public SlipwayException Refuse(string environment) =>
        new(
            $"The server does not archive its write-ahead log for pgBackRest:\n{this}",
            $"set these as a superuser, then: ./build.sh BackupSetup --env {environment}",
            ExitCode.Refused
        );

    private static string Needed(SettingDifference difference) =>
        difference.Needed.Length == 0 ? "empty" : difference.Needed;
}
