using System.Text.Json;
using Slipway.Settings;

namespace Slipway.Backups.Status;

/// <summary>How it stands with the backups of an environment.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="At">When it was judged.</param>
/// <param name="Items">Everything that was judged.</param>
public sealed record BackupStatus(string Environment, DateTimeOffset At, IReadOnlyList<BackupStatusItem> Items)
{
    /// <summary>True when everything is as it should be.</summary>
    public bool IsOk => Items.All(item => item.Status is BackupItemStatus.Ok);

    /// <summary>What a caller is told: 1 when anything is not as it should be, or could not be seen.</summary>
    public ExitCode ExitCode => IsOk ? ExitCode.Done : ExitCode.Failed;

    /// <summary>For a person: a table, no line longer than 100 characters.</summary>
    public string Text()
    {
        var table = new TextTable("backups", "status", "limit", "value");
        foreach (var item in Items)
        {
            table.Add(
                [item.Name.Replace('_', ' '), Word(item.Status), item.Limit, item.Value],
                item.Remedy is null ? null : $"→ {item.Remedy}"
            );
        }

        var findings = Items.Count(item => item.Status is not BackupItemStatus.Ok);
        return $"{table}  {(findings == 0 ? "nothing to do" : $"{findings} of {Items.Count} want something to be done")}\n";
    }

    /// <summary>For machines.</summary>
    public string Json() => JsonSerializer.Serialize(this, BackupStatusJson.Default.BackupStatus);

    private static string Word(BackupItemStatus status) =>
        status is BackupItemStatus.Ok ? "ok" : $"{status}".ToUpperInvariant();
}
