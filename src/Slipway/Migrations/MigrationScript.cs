using System.Text.RegularExpressions;

namespace Slipway.Migrations;

/// <summary>How a migration will be run.</summary>
/// <param name="Statements">What is sent to the server, in order.</param>
/// <param name="IsTransactional">True when all of it runs in one transaction.</param>
/// <param name="Problems">Why it cannot be run; empty when it can.</param>
internal sealed partial record MigrationScript(
    IReadOnlyList<SqlStatement> Statements,
    bool IsTransactional,
    IReadOnlyList<string> Problems
)
{
    /// <summary>Reads what applies a migration.</summary>
    public static MigrationScript Of(Migration migration)
    {
        var script = Of(migration.Sql, migration.RefusesTransaction);
        return script with { Problems = [.. migration.Problems, .. script.Problems] };
    }

    /// <summary>Reads a text.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="refusesTransaction">True when its author wants none; one that the author wrote himself is kept.</param>
    public static MigrationScript Of(string sql, bool refusesTransaction)
    {
        var text = SqlSplitter.Split(sql);
        var statements = WithoutOuterTransaction(text.Statements);
        var isWrapped = statements.Count != text.Statements.Count;
        var isTransactional =
            (isWrapped || !refusesTransaction) && !statements.Any(NeedsNoTransaction) && !UsesNewEnumValue(statements);
        var problems = Find(sql, text, statements).ToList();
        if (!isTransactional && isWrapped)
        {
            problems.Add("it has BEGIN … COMMIT around a statement that no transaction allows; remove them");
        }

        return new(statements, isTransactional, problems);
    }

    /// <summary>Settings that it changes for its session: with the tool itself they reach the next migration, here they end with it.</summary>
    public IReadOnlyList<string> Leaks =>
        [
            .. Statements
                .Where(ChangesSession)
                .Select(statement =>
                    $"line {statement.Line}: {First(statement.Text)} would reach the migrations after it with other tools; here it ends with its file"
                ),
        ];

    /// <summary>True for statements that change a setting of the session beyond their transaction.</summary>
    public static bool ChangesSession(SqlStatement statement) =>
        statement is { Words: ["SET", not ("LOCAL" or "CONSTRAINTS" or "TRANSACTION"), ..] }
        || (
            statement.Begins("SELECT")
            && statement.Has("SET_CONFIG")
            && statement.Text.Contains("false", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>True for statements that the server refuses inside a transaction.</summary>
    public static bool NeedsNoTransaction(SqlStatement statement) =>
        IsConcurrent(statement)
        || statement.Begins("VACUUM")
        || statement.Begins("ALTER", "SYSTEM")
        || statement.Begins("REINDEX", "DATABASE")
        || statement.Begins("REINDEX", "SYSTEM")
        || statement is { Words: ["CREATE" or "DROP", "DATABASE" or "TABLESPACE" or "SUBSCRIPTION", ..] }
        || (statement.Begins("ALTER", "DATABASE") && statement.Has("TABLESPACE"))
        || statement is { Words: ["CLUSTER"] or ["CLUSTER", "VERBOSE"] };

    /// <summary>True for statements that wait for others without standing in their way.</summary>
    public static bool IsConcurrent(SqlStatement statement) =>
        statement.Has("CONCURRENTLY")
        && (
            statement.Begins("CREATE", "INDEX")
            || statement.Begins("CREATE", "UNIQUE", "INDEX")
            || statement.Begins("DROP", "INDEX")
            || statement.Begins("REINDEX")
            || (statement.Begins("ALTER", "TABLE") && statement.Has("DETACH"))
        );

    private static IEnumerable<string> Find(string sql, SqlText text, IReadOnlyList<SqlStatement> statements)
    {
        if (sql.StartsWith('\uFEFF'))
        {
            yield return "it begins with a byte order mark, which PostgreSQL does not understand; save it without";
        }

        if (text.MetaCommandLine is { } meta)
        {
            yield return $"line {meta} holds a backslash command, which only psql understands; write SQL";
        }

        if (text.OpenLine is { } open)
        {
            yield return $"a quote or comment begins in line {open} and never ends";
        }

        if (MigrationVerdict.Problem(sql) is { } verdict)
        {
            yield return verdict;
        }

        foreach (var statement in statements)
        {
            if (EndsTransaction(statement))
            {
                yield return $"line {statement.Line}: {statement.Words[0]} would cut the transaction in two; remove it";
            }
            else if (statement.Begins("COPY") && statement.Has("STDIN"))
            {
                yield return $"line {statement.Line}: COPY … FROM STDIN needs psql; write INSERT";
            }
        }
    }

    // Authors wrap a file in BEGIN … COMMIT to make it atomic, which it is here anyway, together with its history.
    private static IReadOnlyList<SqlStatement> WithoutOuterTransaction(IReadOnlyList<SqlStatement> statements) =>
        statements.Count >= 2
        && statements[0].Words is ["BEGIN"] or ["BEGIN", "TRANSACTION" or "WORK"] or ["START", "TRANSACTION"]
        && statements[^1].Words is ["COMMIT" or "END"] or ["COMMIT" or "END", "TRANSACTION" or "WORK"]
            ? statements.Skip(1).SkipLast(1).ToList()
            : statements;

    private static bool EndsTransaction(SqlStatement statement) =>
        statement.Words switch
        {
            ["BEGIN" or "COMMIT" or "END" or "ABORT", ..] => true,
            ["ROLLBACK", ..] => !statement.Has("TO"),
            ["START" or "PREPARE", "TRANSACTION", ..] => true,
            _ => false,
        };

    // A value added to an enum can be used only after the transaction that added it.
    private static bool UsesNewEnumValue(IReadOnlyList<SqlStatement> statements)
    {
        for (var i = 0; i < statements.Count; i++)
        {
            if (
                statements[i].Begins("ALTER", "TYPE") && NewValue().Match(statements[i].Text) is { Success: true } match
            )
            {
                var value = match.Groups["value"].Value;
                if (
                    statements
                        .Skip(i + 1)
                        .Any(later =>
                            !later.Begins("ALTER", "TYPE") && later.Text.Contains(value, StringComparison.Ordinal)
                        )
                )
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static string First(string text) =>
        text.ReplaceLineEndings(" ") is { Length: > 60 } line ? $"{line[..60]}…" : text.ReplaceLineEndings(" ");

    [GeneratedRegex(
        @"\bADD\s+VALUE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<value>'(?:[^']|'')*')",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex NewValue();
}
