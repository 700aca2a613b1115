using Slipway.Migrations;

namespace Slipway.Tests.Migrations;

public sealed class MigrationScriptTests
{
    [Theory]
    [InlineData("CREATE INDEX CONCURRENTLY a ON t (x)")]
    [InlineData("create unique index /* */ concurrently a on t (x)")]
    [InlineData("DROP INDEX CONCURRENTLY IF EXISTS a")]
    [InlineData("REINDEX (VERBOSE) TABLE CONCURRENTLY t")]
    [InlineData("ALTER TABLE t DETACH PARTITION p CONCURRENTLY")]
    [InlineData("SELECT 1; VACUUM t")]
    [InlineData("CREATE DATABASE x")]
    [InlineData("ALTER SYSTEM SET work_mem = '1MB'")]
    [InlineData("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'it''s'; INSERT INTO t VALUES ('it''s')")]
    public void Runs_outside_a_transaction_what_none_allows(string sql) => Assert.False(Script(sql).IsTransactional);

    [Theory]
    [InlineData("CREATE INDEX a ON t (x)")]
    [InlineData("SELECT 'CREATE INDEX CONCURRENTLY'")]
    [InlineData("-- VACUUM\nSELECT 1")]
    [InlineData("ALTER TYPE mood ADD VALUE 'ok'; SELECT 'fine'")]
    [InlineData("COMMENT ON TABLE concurrently IS 'x'")]
    public void Runs_the_rest_in_one(string sql) => Assert.True(Script(sql).IsTransactional);

    [Fact]
    public void Takes_the_transaction_that_the_author_wrote_around_the_file_for_its_own()
    {
        var script = Script("BEGIN;\nSELECT 1;\nSELECT 2;\nCOMMIT;");

        Assert.Equal(["SELECT 1", "SELECT 2"], script.Statements.Select(statement => statement.Text));
        Assert.Empty(script.Problems);
    }

    [Theory]
    [InlineData("\uFEFFSELECT 1", "byte order mark")]
    [InlineData("SELECT 1;\n\\echo x", "line 2 holds a backslash command")]
    [InlineData("SELECT 'x", "begins in line 1 and never ends")]
    [InlineData("BEGIN;\nSELECT 1;", "line 1: BEGIN would cut the transaction in two")]
    [InlineData("SELECT 1;\nCOMMIT;\nSELECT 2", "line 2: COMMIT would cut")]
    [InlineData("SELECT 1;\nROLLBACK;", "line 2: ROLLBACK would cut")]
    [InlineData("BEGIN;SELECT 1;COMMIT;BEGIN;SELECT 2;COMMIT", "line 1: COMMIT would cut")]
    [InlineData("BEGIN; VACUUM; COMMIT", "BEGIN … COMMIT around a statement that no transaction allows")]
    [InlineData("COPY t (a) FROM STDIN;", "COPY … FROM STDIN needs psql")]
    [InlineData("-- slipway: expnad\nSELECT 1", "names no verdict; did you mean expand?")]
    public void Refuses(string sql, string problem) =>
        Assert.Contains(Script(sql).Problems, found => found.Contains(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("DO $$ BEGIN COMMIT; END $$")]
    [InlineData("SAVEPOINT a; ROLLBACK TO a; RELEASE a")]
    [InlineData("-- COMMIT;\nSELECT 'COMMIT;'")]
    [InlineData("COPY t FROM PROGRAM 'true'")]
    [InlineData("")]
    [InlineData("-- This is an empty migration.")]
    public void Lets_pass(string sql) => Assert.Empty(Script(sql).Problems);

    [Theory]
    [InlineData("-- slipway: expand\nALTER TABLE t ADD x int", SchemaVerdict.Expand)]
    [InlineData("\n-- notes\n--  more\n-- Slipway:  CONTRACT \nSELECT 1", SchemaVerdict.Contract)]
    [InlineData("-- slipway: data", SchemaVerdict.Data)]
    [InlineData("SELECT 1;\n-- slipway: expand", SchemaVerdict.Unknown)]
    [InlineData("-- slipway: 1\n", SchemaVerdict.Unknown)]
    [InlineData("", SchemaVerdict.Unknown)]
    public void Reads_the_authors_verdict(string sql, SchemaVerdict verdict) =>
        Assert.Equal(verdict, MigrationVerdict.Of(Of(sql)));

    private static MigrationScript Script(string sql) => MigrationScript.Of(Of(sql));

    private static Migration Of(string sql) => new() { Name = "1_x", Sql = sql };
}
