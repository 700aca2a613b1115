using Npgsql;
using Slipway.Settings;

namespace Slipway.Migrations.Rehearsal;

/// <summary>A migration does not run on a copy of the data.</summary>
internal sealed class RehearsalFailedException(MigrationWork work, SqlStatement statement, PostgresException exception)
    : SlipwayException(
        $"Migration {work.Name} does not run on a copy of the data: {PlaceOf(work, statement, exception)}",
        "mend the file; it was run on a copy only, and nothing was touched",
        inner: exception
    )
{
    /// <summary>The migration.</summary>
    public string Migration { get; } = work.Name;

    /// <summary>Which way it was run.</summary>
    public MigrationDirection Direction { get; } = work.Direction;

    /// <summary>The file, the line, and what the server said.</summary>
    public string Place { get; } = PlaceOf(work, statement, exception);

    private static string PlaceOf(MigrationWork work, SqlStatement statement, PostgresException exception) =>
        $"{work.Path}, line {statement.Line}: {exception.MessageText} ({exception.SqlState})"
        + (exception.Detail is { Length: > 0 } detail ? $"; {detail}" : "");
}
