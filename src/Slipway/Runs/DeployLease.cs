using System.Text.Json;

namespace Slipway.Runs;

/// <summary>Who has an environment's lock, as it is written to the store.</summary>
public sealed record DeployLease
{
    /// <summary>A run is going on.</summary>
    public const string Active = "active";

    /// <summary>A failed run keeps the environment for a person to decide.</summary>
    public const string Held = "held";

    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>Person and machine.</summary>
    public required string Holder { get; init; }

    /// <summary>Process on that machine.</summary>
    public required int ProcessId { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When its holder was last known to live.</summary>
    public required DateTimeOffset Heartbeat { get; init; }

    /// <summary>Active or held.</summary>
    public string State { get; init; } = Active;

    /// <summary>Why it is held.</summary>
    public string? Reason { get; init; }

    /// <summary>Reads a lease. One that cannot be read is somebody's all the same: it is held, and a person has to look.</summary>
    public static DeployLease Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, LeaseJson.Default.DeployLease) ?? Unreadable("it is empty");
        }
        catch (JsonException exception)
        {
            return Unreadable(exception.Message);
        }
    }

    /// <summary>Writes a lease.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LeaseJson.Default.DeployLease);

    private static DeployLease Unreadable(string why) =>
        new()
        {
            Run = "unknown",
            Holder = "nobody knows whom",
            ProcessId = 0,
            Since = default,
            Heartbeat = default,
            State = Held,
            Reason = $"the lease in the store cannot be read ({why})",
        };
}
