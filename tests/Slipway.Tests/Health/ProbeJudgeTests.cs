using Slipway.Health;

namespace Slipway.Tests.Health;

public sealed class ProbeJudgeTests
{
    private static readonly ProbeExpectation Release = new("version", "abc");
    private static readonly ProbeExpectation Database = new("", null, StatusRequired: true, "0002_b");

    [Theory]
    [InlineData("""{"status":"ok","version":"abc"}""")]
    [InlineData("""{"version":"abc"}""")]
    [InlineData("""{"status":"degraded","version":"abc"}""")]
    [InlineData("""{"status":null,"version":"abc","more":[1]}""")]
    public void Takes_the_release_for_healthy(string body) => Assert.Null(Judge(body, Release).Reason);

    [Theory]
    [InlineData("""{"status":"ok","version":"abd"}""", "release abd answers instead of abc")]
    [InlineData("""{"status":"ok"}""", "its answer has no version, but release abc must answer")]
    [InlineData("""{"status":"ok","version":null}""", "its answer has no version, but release abc must answer")]
    [InlineData("""{"status":"ERROR","version":"abc"}""", "its status is \"ERROR\"")]
    [InlineData("""{"status":"down","version":"abc"}""", "its status is \"down\"")]
    [InlineData("[]", "its answer is not a JSON object")]
    [InlineData("<html>abc</html>", "its answer is not a JSON object")]
    [InlineData("", "its answer is not a JSON object")]
    public void Says_why_it_is_not(string body, string reason) => Assert.Equal(reason, Judge(body, Release).Reason);

    [Theory]
    [InlineData(503)]
    [InlineData(204)]
    [InlineData(404)]
    public void Wants_nothing_but_200(int status) =>
        Assert.Equal(
            $"it answers HTTP {status} instead of 200",
            Judge("""{"status":"ok","version":"abc"}""", Release, status).Reason
        );

    [Fact]
    public void Asks_no_version_of_an_application_that_tells_none() =>
        Assert.Null(Judge("""{"status":"ok"}""", new("", "abc")).Reason);

    [Theory]
    [InlineData("""{"status":"ok"}""", null)]
    [InlineData("""{"status":"healthy","migration":"0002_b"}""", null)]
    [InlineData("{}", "its answer has no status")]
    [InlineData("""{"status":"odd"}""", "its status is \"odd\" instead of \"ok\"")]
    [InlineData(
        """{"status":"ok","migration":"0001_a"}""",
        "it sees migration 0001_a as the newest instead of 0002_b: is it connected to another database?"
    )]
    public void Knows_the_database_by_its_newest_migration(string body, string? reason) =>
        Assert.Equal(reason, Judge(body, Database).Reason);

    private static ProbeVerdict Judge(string body, ProbeExpectation expected, int status = 200) =>
        ProbeJudge.Judge(new(status, "application/json", body, TimeSpan.Zero), expected);
}
