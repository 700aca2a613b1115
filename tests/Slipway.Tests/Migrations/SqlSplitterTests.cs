using CsCheck;
using Slipway.Migrations;

namespace Slipway.Tests.Migrations;

public sealed class SqlSplitterTests
{
    // Everything in which a semicolon does not end a statement, and what surrounds it.
    private static readonly Gen<string> Piece = Gen.OneOfConst(
        "select 1",
        "';'",
        "'it''s; -- no comment'",
        "E'\\';'",
        "e'\\\\'",
        "\"a;\"\"b\"",
        "$$;'$$",
        "$x$ $$ ; $y$ $x$",
        "/* ; /* ; */ ' */",
        "-- ; ' $$\n",
        "(1; 2)",
        "a$$b",
        "$1",
        "1e5",
        "U&'\\0041;'",
        "ünïcode_1",
        "\r\n"
    );

    private static readonly Gen<string> Statement = Piece
        .Array[0, 6]
        .Select(pieces => $"select {string.Join(' ', pieces)} x");

    [Fact]
    public void Finds_the_statements_that_were_joined() =>
        Statement
            .Array[0, 8]
            .Sample(statements =>
            {
                var text = SqlSplitter.Split(string.Join(" ;\n", statements));

                Assert.Equal(statements, text.Statements.Select(statement => statement.Text));
                Assert.Null(text.OpenLine);
                Assert.Null(text.MetaCommandLine);
            });

    [Fact]
    public void Never_fails_and_loses_nothing_whatever_the_text() =>
        Gen.String[Gen.OneOfConst([.. "aE$'\";()-/*\\\n 1;beginatomic"]), 0, 60]
            .Sample(sql =>
            {
                var text = SqlSplitter.Split(sql);

                var at = 0;
                foreach (var statement in text.Statements)
                {
                    at = sql.IndexOf(statement.Text, at, StringComparison.Ordinal);
                    Assert.True(at >= 0);
                    Assert.InRange(statement.Line, 1, sql.Count(c => c == '\n') + 1);
                    at += statement.Text.Length;
                }
            });

    [Fact]
    public void Keeps_the_body_of_an_SQL_function_together()
    {
        const string Function = """
            CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql
            BEGIN ATOMIC
              SELECT 1;
              SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END;
            END
            """;

        var text = SqlSplitter.Split($"-- first\n\n{Function};\nSELECT 2;");

        Assert.Equal(
            [(Function, 3), ("SELECT 2", 8)],
            text.Statements.Select(statement => (statement.Text, statement.Line))
        );
    }

    [Theory]
    [InlineData("select 1;\n\\d users\n", 2)]
    [InlineData("select 1 \\gexec", 1)]
    [InlineData("select '\n\\d', $$\n\\d$$ /*\n\\d */ -- \\d", null)]
    public void Sees_backslash_commands_outside_quotes_only(string sql, int? line) =>
        Assert.Equal(line, SqlSplitter.Split(sql).MetaCommandLine);

    [Theory]
    [InlineData("select 1;\nselect 'x", 2)]
    [InlineData("/* a /* b */", 1)]
    [InlineData("\n\n$x$ $y$", 3)]
    public void Sees_where_a_quote_that_never_ends_begins(string sql, int line) =>
        Assert.Equal(line, SqlSplitter.Split(sql).OpenLine);
}
