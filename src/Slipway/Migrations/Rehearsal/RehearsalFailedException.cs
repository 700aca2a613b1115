using Npgsql;
using Slipway.Settings;

namespace Slipway.Migrations.Rehearsal;

/// <summary>A migration does not run on a copy of the data.</summary>
internal sealed class RehearsalFailedException(MigrationWork work, SqlStatement statement, PostgresException exception)
    : SlipwayException(
        $"{work.Path}, line {statement.Line}: {exception.MessageText} ({exception.SqlState})"
            + (exception.Detail is { Length: > 0 } detail ? $"; {detail}" : ""),
        "mend the file; it was run on a copy only, and nothing was touched",
        inner: exception
    )
{
    /// <summary>The migration.</summary>
    public string Migration { get; } = work.Name;

    /// <summary>Which way it was run.</summary>
    public MigrationDirection Direction { get; } = work.Direction;
}
