namespace Slipway.Notifications;

/// <summary>Something that people want to hear of a run.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Environment">Where.</param>
/// <param name="Release">With which release.</param>
/// <param name="Run">In which run.</param>
/// <param name="By">Who started it.</param>
/// <param name="Cause">Why it failed; null when it did not.</param>
/// <param name="State">How production is now; null while that is open.</param>
/// <param name="Next">What to run next; null when nothing.</param>
public sealed record Notice(
    NoticeKind Kind,
    string Environment,
    string Release,
    string Run,
    string By,
    string? Cause = null,
    string? State = null,
    string? Next = null
);
