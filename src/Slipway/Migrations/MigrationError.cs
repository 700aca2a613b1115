using System.Text;
using Npgsql;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Tells where in a file the server stumbled.</summary>
internal static class MigrationError
{
    /// <summary>The facts of an error.</summary>
    /// <param name="work">The migration, and which way it was run.</param>
    /// <param name="statement">The statement that failed; null when it was none of the migration's own.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="state">What state the schema is in.</param>
    /// <param name="before">What was applied before.</param>
    public static MigrationFailedException Of(
        MigrationWork work,
        SqlStatement? statement,
        Exception exception,
        MigrationState state,
        IReadOnlyList<AppliedMigration> before
    )
    {
        var server = exception as PostgresException;
        var line = statement is null ? (int?)null : statement.Line + LinesBefore(statement.Text, server?.Position ?? 0);
        return new(
            new()
            {
                Migration = work.Name,
                File = Path.GetFileName(work.Path),
                Direction = work.Direction,
                State = state,
                Error = Words(exception),
                SqlState = server?.SqlState,
                Line = line,
                Context = line is { } number ? Context(work.Sql, number) : "",
                AppliedBefore = before.ToList(),
                Remedy = Remedy(exception, state),
            },
            exception
        );
    }

    /// <summary>What to say when somebody else was faster.</summary>
    public static SlipwayException Overtaken(MigrationWork work) =>
        new(
            $"Migration {work.Name} was {(work.Direction is MigrationDirection.Up ? "applied" : "undone")} by somebody else in the meantime",
            "look with: ./build.sh MigrateStatus",
            ExitCode.Refused
        );

    /// <summary>What went wrong in one line.</summary>
    public static string Words(Exception exception) =>
        exception switch
        {
            PostgresException { Where: { Length: > 0 } where } server =>
                $"{server.MessageText}; in {where.Split('\n')[^1]}",
            PostgresException server => server.MessageText,
            OperationCanceledException => "it was cancelled",
            { InnerException: { } inner } => $"the connection was lost: {inner.Message}",
            _ => exception.Message,
        };

    // Of what is no fault of the migration's.
    private static string? Remedy(Exception exception, MigrationState state) =>
        exception switch
        {
            SlipwayException known => known.Hint,
            _ when state is not MigrationState.FailedCleanly => null,
            OperationCanceledException => "run it again when you like",
            PostgresException { SqlState: not ['5', '7', 'P', ..] } => null,
            _ => "nothing is wrong with the migration: see that the server runs, and run it again",
        };

    // The server counts characters from 1, of which the astral ones are two of ours.
    private static int LinesBefore(string text, int position) =>
        position <= 1 ? 0 : text.EnumerateRunes().Take(position - 1).Count(rune => rune.Value == '\n');

    private static string Context(string sql, int line)
    {
        var lines = sql.Split('\n');
        var context = new StringBuilder();
        for (var number = Math.Max(1, line - 1); number <= Math.Min(lines.Length, line + 1); number++)
        {
            var mark = number == line ? '>' : ' ';
            context.Append($"  {mark} {number, 4} | {lines[number - 1].TrimEnd()}".TrimEnd()).Append('\n');
        }

        return context.ToString().TrimEnd('\n');
    }
}
