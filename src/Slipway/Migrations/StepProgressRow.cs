namespace Slipway.Migrations;

/// <summary>How far a migration came that no transaction holds together.</summary>
/// <param name="Migration">Its name.</param>
/// <param name="IsDown">True when it was being undone.</param>
/// <param name="Checksum">SHA-256 of the text that was being run.</param>
/// <param name="Attempt">Id of the attempt, as the history may know it.</param>
/// <param name="Done">How many statements are done.</param>
/// <param name="IsBegun">True when the next one was begun by itself, so that nobody knows what became of it.</param>
/// <param name="Backend">The server's process that it ran in.</param>
/// <param name="Error">What went wrong; null when nothing did, or nobody could say.</param>
/// <param name="StartedAt">When it was begun.</param>
internal sealed record StepProgressRow(
    string Migration,
    bool IsDown,
    string Checksum,
    string Attempt,
    int Done,
    bool IsBegun,
    int Backend,
    string? Error,
    DateTimeOffset StartedAt
)
{
    /// <summary>True when this is what was being run.</summary>
    public bool Is(MigrationWork work) =>
        Migration.Equals(work.Name, StringComparison.Ordinal)
        && IsDown == work.Direction is MigrationDirection.Down
        && Checksum.Equals(StepProgress.ChecksumOf(work.Sql), StringComparison.Ordinal);
}
