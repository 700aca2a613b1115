using System.Text.RegularExpressions;
using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>Finds out what became of a statement that was running alone when its run was killed.</summary>
internal sealed partial class StepRecovery(MigrationSession sessions, RunOutput output)
{
    /// <summary>True when it was done, false when it is to be run again; an invalid index that it left is dropped.</summary>
    /// <exception cref="SlipwayException">Nobody can tell.</exception>
    public async Task<bool> IsDoneAsync(MigrationWork work, StepProgressRow row, CancellationToken cancellationToken)
    {
        var statement = work.Script.Statements[row.Done];
        var done = await sessions.AfterLossAsync(
            row.Backend,
            output.Time,
            async (connection, token) => await LookAsync(connection, statement, token) ?? throw Unknown(work, statement)
        );
        cancellationToken.ThrowIfCancellationRequested();
        return done
            ?? throw new SlipwayException(
                $"{work.Name} was interrupted in line {statement.Line} of {work.Path}, and the server process {row.Backend} still runs it",
                $"wait for it, or end it: SELECT pg_terminate_backend({row.Backend}); then run this again",
                ExitCode.Refused
            );
    }

    private async Task<bool?> LookAsync(
        NpgsqlConnection connection,
        SqlStatement statement,
        CancellationToken cancellationToken
    )
    {
        if (Created().Match(statement.Text) is { Success: true } created)
        {
            var name = created.Groups["name"].Value;
            return await StateAsync(connection, name, cancellationToken) switch
            {
                "valid" => true,
                "invalid" => await DropAsync(connection, name, cancellationToken),
                _ => false,
            };
        }

        if (Dropped().Match(statement.Text) is { Success: true } dropped)
        {
            return await StateAsync(connection, dropped.Groups["name"].Value, cancellationToken) is null;
        }

        // These can be run twice.
        return statement is { Words: ["REINDEX" or "VACUUM" or "CLUSTER", ..] } || statement.Begins("ALTER", "SYSTEM")
            ? false
            : null;
    }

    private static Task<string?> StateAsync(
        NpgsqlConnection connection,
        string index,
        CancellationToken cancellationToken
    ) =>
        Query.TextAsync(
            connection,
            "SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END FROM pg_index WHERE indexrelid = to_regclass($1)",
            cancellationToken,
            index
        );

    private async Task<bool> DropAsync(NpgsqlConnection connection, string index, CancellationToken cancellationToken)
    {
        output.Line($"dropping the invalid index {index} that an interrupted run left");
        await Query.RunAsync(connection, $"DROP INDEX CONCURRENTLY {index}", cancellationToken);
        return false;
    }

    private static SlipwayException Unknown(MigrationWork work, SqlStatement statement) =>
        new(
            $"{work.Name} was interrupted while line {statement.Line} of {work.Path} ran, which no transaction holds: whether it was done, only a person can see",
            "look; then complete or undo the migration by hand, and say which: ./build.sh Resolve "
                + $"--applied {work.Name} --reason \"…\" or --rolled-back {work.Name} --reason \"…\"",
            ExitCode.NeedsPerson
        );

    [GeneratedRegex(
        """^CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(IF\s+NOT\s+EXISTS\s+)?(?!ON\s)(?<name>[^\s(]+)\s+ON\s""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Created();

    [GeneratedRegex(
        """^DROP\s+INDEX\s+CONCURRENTLY\s+(IF\s+EXISTS\s+)?(?<name>[^\s,;]+)\s*(CASCADE|RESTRICT)?$""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Dropped();
}
