namespace Slipway.Migrations.Rehearsal;

/// <summary>What one statement did.</summary>
/// <param name="Line">The line of its first word in the file.</param>
/// <param name="Text">The statement.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Touched">The tables that were there before and that it touched.</param>
/// <param name="LogBytes">Bytes of write-ahead log that the server wrote meanwhile.</param>
public sealed record StatementTrace(
    int Line,
    string Text,
    TimeSpan Duration,
    IReadOnlyList<TableTouch> Touched,
    long LogBytes
)
{
    /// <summary>Why tables were rewritten, as the server says; empty when it does not.</summary>
    public IReadOnlyList<string> RewriteReasons { get; init; } = [];

    internal SqlStatement? Statement { get; init; }
}
