using Slipway.Backups;
using Slipway.Processes;

namespace Slipway.Tests.Backups;

public sealed class DumpFailureTests
{
    private const string Locking = "pg_dump: detail: Query was: LOCK TABLE public.notes IN ACCESS SHARE MODE";

    [Theory]
    [InlineData("ERROR:  canceling statement due to statement timeout", "somebody holds a lock")]
    [InlineData("ERROR:  permission denied for table notes", "let this role read everything")]
    [InlineData("ERROR:  relation \"public.notes\" does not exist", "a table was dropped")]
    [InlineData("FATAL:  terminating connection due to administrator command", "see that the server runs")]
    public void Tells_apart_why_a_table_could_not_be_locked(string error, string remedy) =>
        Assert.StartsWith(remedy, Hint($"pg_dump: error: query failed: {error}\n{Locking}"), StringComparison.Ordinal);

    [Fact]
    public void Knows_a_row_that_is_too_large_for_pg_dump() =>
        Assert.Contains(
            "larger than PostgreSQL can write as text",
            Hint("pg_dump: detail: Error message from server: ERROR:  invalid memory alloc request size 1300000003"),
            StringComparison.Ordinal
        );

    private static string Hint(string error) =>
        DumpFailure.Of(Command.Of("pg_dump"), new(1, "", error, TimeSpan.Zero)).Hint;
}
