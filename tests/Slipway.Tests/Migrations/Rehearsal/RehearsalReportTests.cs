using Slipway.Migrations;
using Slipway.Migrations.Rehearsal;

namespace Slipway.Tests.Migrations.Rehearsal;

public sealed class RehearsalReportTests
{
    [Fact]
    public void A_release_that_fails_on_the_copy_makes_contracts_of_all_but_what_an_author_answers_for()
    {
        var report = new RehearsalReport(
            "backup",
            [
                Of("seen", SchemaVerdict.Expand),
                Of("unclear", SchemaVerdict.Unknown),
                Of("seen through", SchemaVerdict.Contract),
                Of("answered", SchemaVerdict.Expand) with
                {
                    IsReasoned = true,
                },
            ],
            TimeSpan.Zero,
            TimeSpan.Zero
        );

        var broken = report.Breaking("it answers 500");

        Assert.Equal(
            [SchemaVerdict.Contract, SchemaVerdict.Contract, SchemaVerdict.Contract, SchemaVerdict.Expand],
            broken.Migrations.Select(migration => migration.Verdict)
        );
        Assert.All(broken.Migrations.Take(3), migration => Assert.Equal(["it answers 500"], migration.Reasons));
        Assert.Empty(broken.Migrations[3].Reasons);
    }

    private static RehearsedMigration Of(string name, SchemaVerdict verdict) =>
        new(name, $"{name}.sql", verdict, [], new(name, [], true, TimeSpan.Zero), [], UndoReport.None);
}
