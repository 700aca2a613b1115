using Slipway.Migrations;
using Slipway.Migrations.Prisma;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations;

public sealed class MigrationReportTests
{
    [Fact]
    public void Tells_programs_the_same_as_people() => Approval.Match(MigrationReport.Of(Status()).Json(), "json");

    [Fact]
    public void Shows_on_GitHub_what_a_person_should_see_at_its_file() =>
        Approval.Match(string.Join('\n', MigrationAnnotations.Of(Status(), "/shop")));

    [Fact]
    public void Shows_what_would_leak_and_what_nobody_knows() =>
        Approval.Match(
            MigrationStatusTable.Text(
                MigrationStatus.Of(
                    new(
                        new PrismaFormat(),
                        "/shop/migrations",
                        [File("1_a", "SET search_path = 'x';\nSELECT set_config('search_path', '', false);")]
                    ),
                    [],
                    null,
                    appliesOutOfOrder: true
                ) with
                {
                    Unknown =
                        "Schema public has tables (a, b) but no migration history _prisma_migrations, so what is applied is not known",
                }
            )
        );

    [Theory]
    [InlineData(MigrationCondition.Applied, ExitCode.Done)]
    [InlineData(MigrationCondition.Pending, ExitCode.MigrationsPending)]
    [InlineData(MigrationCondition.OutOfOrder, ExitCode.MigrationsOutOfOrder)]
    [InlineData(MigrationCondition.RolledBack, ExitCode.MigrationsRolledBack)]
    [InlineData(MigrationCondition.Interrupted, ExitCode.MigrationsInterrupted)]
    [InlineData(MigrationCondition.Unfit, ExitCode.MigrationsUnfit)]
    [InlineData(MigrationCondition.Missing, ExitCode.MigrationsMissing)]
    [InlineData(MigrationCondition.Changed, ExitCode.MigrationsChanged)]
    [InlineData(MigrationCondition.Failed, ExitCode.MigrationsFailed)]
    internal void Has_an_exit_code_of_its_own_for_every_condition_and_takes_the_worst(
        MigrationCondition condition,
        ExitCode code
    )
    {
        var entry = new MigrationEntry("2_b", condition, "", "");

        Assert.Equal(code, new MigrationStatus([entry, new("1_a", MigrationCondition.Applied, "", "")]).ExitCode);
    }

    private static MigrationStatus Status() =>
        MigrationStatus.Of(
            new(
                new PrismaFormat(),
                "/shop/migrations",
                [File("1_a", "SELECT 1;"), File("2_late", "SELECT 2;"), File("4_bad", "COMMIT;\nCOMMIT;")]
            ),
            [
                new("id", "1_a", "other", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, null),
                new("id", "3_gone", "x", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, null),
            ],
            null,
            appliesOutOfOrder: true
        );

    private static Migration File(string name, string sql) => new() { Name = name, Sql = sql };
}
