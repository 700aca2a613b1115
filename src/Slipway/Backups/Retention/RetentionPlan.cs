using Slipway.Runs;

namespace Slipway.Backups.Retention;

/// <summary>What is kept and what is removed, and why; decided before anything is done.</summary>
public sealed record RetentionPlan
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What it follows.</summary>
    public required RetentionPolicy Policy { get; init; }

    /// <summary>Every backup, the oldest first, and files that are none.</summary>
    public required IReadOnlyList<RetentionItem> Items { get; init; }

    /// <summary>Why the clock is not believed, so that nothing is removed; null when it is.</summary>
    public string? Suspicion { get; init; }

    /// <summary>What is removed.</summary>
    public IReadOnlyList<RetentionItem> Deleted => [.. Items.Where(item => item.IsDeleted)];

    /// <summary>The plan for a person, no line longer than 100 characters.</summary>
    public string Text()
    {
        var table = new TextTable("backup", "age>", "stored>", "what", "plan", "why");
        foreach (var item in Items)
        {
            table.Add([
                item.Id,
                item.Taken is { } taken ? Elapsed.Text(Now - taken) : "?",
                RunOutput.Bytes(item.Bytes),
                Word(item.Kind),
                item.IsDeleted ? "DELETE" : "keep",
                item.Reason,
            ]);
        }

        var kept = Items.Where(item => !item.IsDeleted).ToList();
        var head = Items.Count == 0 ? $"  environment {Environment} has no backups\n" : table.ToString();
        var suspicion = Suspicion is null ? "" : $"  nothing is removed: {Suspicion}\n";
        return $"{head}{suspicion}  keeps {Sum(kept)}, removes {Sum(Deleted)}\n"
            + $"  what is erased in the database can be in a backup for {Elapsed.Text(Policy.Horizon)} more\n";
    }

    private static string Sum(IReadOnlyList<RetentionItem> items) =>
        items.Count == 0 ? "nothing" : $"{items.Count} ({RunOutput.Bytes(items.Sum(item => item.Bytes))})";

    private static string Word(RetentionKind kind) =>
        kind switch
        {
            RetentionKind.Verified => "verified",
            RetentionKind.Unverified => "unverified",
            RetentionKind.Broken => "BROKEN",
            RetentionKind.Unreadable => "unreadable",
            _ => "no backup",
        };
}
