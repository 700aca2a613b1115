using System.Security.Cryptography;
using System.Text;

namespace Slipway.Runs;

/// <summary>What a run will do, decided before it does anything; its hash is what a person approves.</summary>
public sealed record DeployPlan
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The release that becomes live.</summary>
    public required string Release { get; init; }

    /// <summary>The release that is live now; null before the first one.</summary>
    public required string? Live { get; init; }

    /// <summary>The database, with its server's own identifier.</summary>
    public required string Database { get; init; }

    /// <summary>How the release reaches its users.</summary>
    public required string Strategy { get; init; }

    /// <summary>The migrations that will be applied, in order.</summary>
    public required IReadOnlyList<PlannedMigration> Pending { get; init; }

    /// <summary>SHA-256 of the plan's text.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text())));

    /// <summary>The part of the hash that a person types.</summary>
    public string ShortHash => Hash[..8];

    /// <summary>True when everything it would do is done.</summary>
    public bool IsEmpty => Pending.Count == 0 && Live == Release;

    /// <summary>The plan for a person; every fact of it is in here.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        text.Append("environment  ").Append(Environment).Append('\n');
        text.Append("database     ").Append(Database).Append('\n');
        text.Append("release      ").Append(Release).Append(" in place of ").Append(Live ?? "none").Append('\n');
        text.Append("strategy     ").Append(Strategy).Append('\n');
        text.Append("migrations   ").Append(Pending.Count == 0 ? "none pending\n" : $"{Pending.Count} pending\n");
        var width = Pending.Select(migration => migration.Name.Length).DefaultIfEmpty().Max();
        foreach (var migration in Pending)
        {
            text.Append("             ")
                .Append(migration.Name.PadRight(width))
                .Append("  ")
                .Append(migration.Verdict.PadRight("contract".Length))
                .Append("  ")
                .Append(migration.Checksum.AsSpan(0, 12))
                .Append('\n');
        }

        if (Pending.Count > 0)
        {
            text.Append("way back     ").Append(WayBackText()).Append('\n');
        }

        return text.ToString();
    }

    private string WayBackText()
    {
        var doubtful = Pending.Count(migration => migration.Verdict is not "expand");
        return doubtful == 0
            ? "by itself: the live release runs on all of them"
            : $"a person decides: {doubtful} of them {(doubtful == 1 ? "does" : "do")} not say expand";
    }
}
