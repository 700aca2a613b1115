using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Migrations.EfCore;

/// <summary>Cuts a script of EF Core into its migrations: each ends where its row is written to the history.</summary>
internal static partial class EfCoreScript
{
    private const string Table = "\"__EFMigrationsHistory\"";
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>True when a text writes EF Core's history.</summary>
    public static bool IsOne(string text) => text.Contains(Table, StringComparison.Ordinal);

    /// <summary>Reads a script.</summary>
    public static IReadOnlyList<Migration> Read(string file, string text, MigrationFiles files)
    {
        var migrations = new List<Migration>();
        var statements = new List<SqlStatement>();
        // dotnet ef itself writes the mark at the beginning.
        foreach (var statement in SqlSplitter.Split(text.TrimStart('\uFEFF')).Statements)
        {
            if (Removed().IsMatch(statement.Text))
            {
                files.Problem(
                    $"{file} goes backwards (line {statement.Line}); write it with: dotnet ef migrations script --idempotent"
                );
                return [];
            }

            if (Inserted().Match(statement.Text) is { Success: true } row)
            {
                migrations.Add(Of(file, row, statements));
                statements.Clear();
            }
            else if (!IsFrame(statement))
            {
                statements.Add(statement);
            }
        }

        if (statements.Count > 0)
        {
            files.Problem(
                $"{file} has statements that belong to no migration, from line {statements[0].Line} on: no row of {Table} follows"
            );
        }

        return migrations;
    }

    private static Migration Of(string file, Match row, IEnumerable<SqlStatement> statements)
    {
        var sql = new StringBuilder();
        var line = 1;
        foreach (var statement in statements)
        {
            // Every statement stays on its own line, which errors name.
            sql.Append('\n', Math.Max(0, statement.Line - line)).Append(statement.Text).Append(';');
            line = statement.Line + statement.Text.Count(c => c == '\n');
        }

        return new()
        {
            Name = row.Groups["id"].Value,
            Path = file,
            Sql = sql.ToString(),
            Stamp = row.Groups["version"].Value,
        };
    }

    // The transaction and the history table are the migrator's business.
    private static bool IsFrame(SqlStatement statement) =>
        statement.Words is ["START", "TRANSACTION"] or ["BEGIN"] or ["COMMIT"]
        || (statement.Begins("CREATE", "TABLE") && statement.Text.Contains(Table, StringComparison.Ordinal));

    [GeneratedRegex(
        """
            INSERT\s+INTO\s+(?:"?\w+"?\.)?"__EFMigrationsHistory"\s*\(\s*"MigrationId"\s*,\s*"ProductVersion"\s*\)\s*VALUES\s*\(\s*'(?<id>[^']+)'\s*,\s*'(?<version>[^']+)'\s*\)
            """,
        Options,
        1000
    )]
    private static partial Regex Inserted();

    [GeneratedRegex("""DELETE\s+FROM\s+(?:"?\w+"?\.)?"__EFMigrationsHistory"\s""", Options, 1000)]
    private static partial Regex Removed();
}
