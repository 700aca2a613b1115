using Slipway.Settings;

namespace Slipway.Migrations.Rehearsal;

/// <summary>A migration does not run on a copy of the data.</summary>
internal sealed class RehearsalFailedException(MigrationWork work, MigrationFailedException failure)
    : SlipwayException(
        $"Migration {work.Name} does not run on a copy of the data: {PlaceOf(work, failure.Failure)}",
        "mend the file; it was run on a copy only, and nothing was touched",
        inner: failure
    )
{
    /// <summary>The migration.</summary>
    public string Migration { get; } = work.Name;

    /// <summary>Which way it was run.</summary>
    public MigrationDirection Direction { get; } = work.Direction;

    /// <summary>The file, the line, and what the server said.</summary>
    public string Place { get; } = PlaceOf(work, failure.Failure);

    private static string PlaceOf(MigrationWork work, MigrationFailure failure) =>
        $"{work.Path}{(failure.Line is { } line ? $", line {line}" : "")}: {failure.Error} ({failure.SqlState})";
}
