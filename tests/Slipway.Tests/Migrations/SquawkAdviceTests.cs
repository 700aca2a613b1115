using Slipway.Migrations;
using Slipway.Migrations.Advice;
using Slipway.Processes;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

public sealed class SquawkAdviceTests
{
    [Fact]
    public async Task Says_what_squawk_says_of_pending_files_without_what_is_only_taste()
    {
        var squawk = await NpmTool.PathAsync("squawk-cli@2.66.0", "squawk");
        var migration = new Migration
        {
            Name = "1_a",
            Path = "1_a.sql",
            Sql = "SELECT 1;\n\nCREATE INDEX i ON a (x);\nALTER TABLE a ADD y int;",
        };

        var advice = await new SquawkAdvice(new ProcessRunner(TimeProvider.System), squawk).AskAsync(
            [migration],
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            [
                "1_a.sql:3 require-concurrent-index-creation: During normal index creation, table updates are blocked, but reads are still allowed. → Use `concurrently` to avoid blocking writes.",
            ],
            advice
        );
    }

    [Fact]
    public async Task Says_nothing_where_it_is_not_installed() =>
        Assert.Empty(
            await new SquawkAdvice(new ProcessRunner(TimeProvider.System), null).AskAsync(
                [new() { Name = "1_a", Sql = "SELECT 1;" }],
                TestContext.Current.CancellationToken
            )
        );
}
