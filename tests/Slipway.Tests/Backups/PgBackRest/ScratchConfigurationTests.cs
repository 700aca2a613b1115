using Slipway.Backups.PgBackRest;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

public sealed class ScratchConfigurationTests
{
    [Fact]
    public void Lets_nothing_of_a_copy_reach_the_world()
    {
        var control = new Dictionary<string, string>(StringComparer.Ordinal) { ["max_prepared_xacts setting"] = "10" };

        var arguments = ScratchConfiguration.Arguments(new("/scratch"), "/scratch/one", 12345, control);

        Approval.Match(string.Join('\n', arguments.Where(word => word is not "-c")));
    }

    [Fact]
    public void Refuses_a_copy_for_which_there_is_no_room()
    {
        Room.Check("/scratch", 100L << 30, 111L << 30);

        var exception = Assert.Throws<SlipwayException>(() => Room.Check("/scratch", 100L << 30, 109L << 30));

        Assert.Equal("A copy takes 110.0 GiB with its reserve, and /scratch has 109.0 GiB free", exception.Message);
    }
}
