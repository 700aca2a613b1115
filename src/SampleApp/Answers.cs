namespace SampleApp;

internal sealed record Health(string Status, string Version, long UptimeSeconds);

internal sealed record DatabaseHealth(string Status, double? LatencyMs, string? Migration, PoolHealth Pool);

/// <summary>The connections of this process: how many at most, open, of them unused, and in use; null where it cannot be seen.</summary>
internal sealed record PoolHealth(int Max, int? Open, int? Idle, int? Busy);

internal sealed record Credentials(string? Email, string? Password);

internal sealed record AccessToken(string Token, int ExpiresIn);

internal sealed record CsrfToken(string Token);

internal sealed record User(long Id, string Email);

internal sealed record NoteText(string? Title, string? Body);

internal sealed record Note(long Id, string Title, string Body, DateTime CreatedAt, DateTime UpdatedAt);

internal sealed record Export(User User, IReadOnlyList<Note> Notes);

internal sealed record Problem(string Error);
