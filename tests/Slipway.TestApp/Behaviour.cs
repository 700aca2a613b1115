namespace Slipway.TestApp;

/// <summary>How this release behaves, from the file behaviour.json beside it.</summary>
internal sealed record Behaviour
{
    public int HealthStatus { get; init; } = 200;

    public int DatabaseStatus { get; init; } = 200;

    public string? Version { get; init; }

    public int StartDelayMs { get; init; }

    public int? ExitAfterMs { get; init; }

    /// <summary>What it asks its database with every note; null when it asks nothing.</summary>
    public string? Query { get; init; }

    public bool FailNotes { get; init; }

    public bool LogErrors { get; init; }
}
