using Slipway.Backups.Restoring;

namespace Slipway.Tests.Backups.Restoring;

public sealed class RestoreDecisionTests
{
    private static readonly WritesSince Nothing = new()
    {
        Since = DateTimeOffset.UnixEpoch,
        At = DateTimeOffset.UnixEpoch.AddMinutes(3),
        Transactions = 12,
        Tables = [],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Goes_by_itself_only_where_it_is_proven_that_nothing_is_lost(bool approval)
    {
        Assert.Equal(0, RestoreDecision.Of(Nothing, approval).Persons);
        var asked = approval ? 2 : 1;
        Assert.Equal(asked, RestoreDecision.Of(Nothing with { WhyNotProvable = "x" }, approval).Persons);
        Assert.Equal(asked, RestoreDecision.Of(Nothing with { SchemaChanges = 1 }, approval).Persons);
        Assert.Equal(asked, RestoreDecision.Of(Nothing with { Tables = [new("t", 1, 0)] }, approval).Persons);
        Assert.Equal(asked, RestoreDecision.Of(Nothing with { Tables = [new("t", 0, 1)] }, approval).Persons);
    }

    [Fact]
    public void Counts_what_may_have_happened_to_rows()
    {
        // 100 rows; 5 inserted, 7 changed, 3 deleted: 102 now, of which 12 are new.
        var writes = TableWrites.Of("t", before: 100, now: 102, written: 12);

        Assert.Equal((12, 10), (writes.Written, writes.Gone));
        Assert.Equal((12, 10, 10), (writes.InsertedAtMost, writes.UpdatedAtMost, writes.DeletedAtMost));
        Assert.Equal((5, 0, 0), Bounds(TableWrites.Of("t", 100, 105, 5)));
        Assert.Equal((0, 0, 3), Bounds(TableWrites.Of("t", 100, 97, 0)));
        Assert.Equal((0, 0, 100), Bounds(TableWrites.Of("t", 100, 0, 0)));
    }

    [Fact]
    public void Shows_what_would_be_lost()
    {
        var writes = Nothing with
        {
            Tables = [new("public.notes", 12, 10), new("public.\"a b\"", 0, 1300)],
            SchemaChanges = 2,
            WhyNotProvable = "why",
        };

        Assert.Equal(
            """
            Written since the backup, 3:00 min ago, at most 12 transactions on the whole server:
              table           inserted ≤  updated ≤  deleted ≤
              public.notes    12          10         10
              public."a b"    0           0          1,300
              and 2 entries of the catalogs (tables, columns, functions, …)
              more cannot be ruled out: why
            """.ReplaceLineEndings("\n").Replace("public.notes    ", "public.notes  ").Replace(
                "public.\"a b\"    ",
                "public.\"a b\"  "
            ).Replace("table           ", "table         "),
            writes.ToString()
        );
        Assert.Equal("Nothing was written since the backup, 3:00 min ago", Nothing.ToString());
    }

    private static (long, long, long) Bounds(TableWrites writes) =>
        (writes.InsertedAtMost, writes.UpdatedAtMost, writes.DeletedAtMost);
}
