using Slipway.Backups;
using Slipway.Backups.PgBackRest;
using static Slipway.Tests.Backups.BackupSamples;
using static Slipway.Tests.Backups.PgBackRest.ServerSamples;

namespace Slipway.Tests.Backups.PgBackRest;

public sealed class ExpiryPlanTests
{
    [Theory]
    // What is known of the older one and the newer one: - nothing, r read, R restored, b broken.
    [InlineData("-", "-", "none of those that would stay was ever verified")]
    [InlineData("r", "-", "old is the newest that was verified")]
    [InlineData("R", "-", "old is the newest that was proven by restoring it")]
    [InlineData("R", "r", "old is the newest that was proven by restoring it")]
    [InlineData("R", "b", "old is the newest that was proven by restoring it")]
    [InlineData("r", "b", "old is the newest that was verified")]
    [InlineData("-", "b", "none of those that would stay was ever verified")]
    [InlineData("-", "r", null)]
    [InlineData("r", "r", null)]
    [InlineData("R", "R", null)]
    [InlineData("b", "r", null)]
    public void Lets_a_backup_go_only_while_one_as_proven_stays(string older, string newer, string? refusal)
    {
        var plan = ExpiryPlan.Of([Known("old", older), Known("new", newer)], ["old"]);

        Assert.Equal(refusal, plan.Refusal);
        Assert.Equal("old", Assert.Single(plan.Removed));
        Assert.Equal("new", Assert.Single(plan.Kept));
    }

    [Fact]
    public void Has_nothing_to_refuse_where_nothing_goes() =>
        Assert.Null(ExpiryPlan.Of([Known("old", "-")], []).Refusal);

    private static ServerBackup Known(string label, string known) =>
        Server(
            label,
            BackupType.Full,
            Now,
            known switch
            {
                "r" => [Found(label, VerificationLevel.ReadBack, Now)],
                "R" => [Found(label, VerificationLevel.Restored, Now)],
                "b" =>
                [
                    Found(label, VerificationLevel.Restored, Now.AddHours(-1)),
                    Found(label, VerificationLevel.ReadBack, Now, "a checksum is wrong"),
                ],
                _ => [],
            }
        );
}
