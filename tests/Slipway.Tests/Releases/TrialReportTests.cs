using Slipway.Releases;
using Slipway.Tests.Support;

namespace Slipway.Tests.Releases;

public sealed class TrialReportTests
{
    private static readonly TrialReport Good = new("4f2a9c1", 6, [], null, [], TimeSpan.FromSeconds(3.2));

    [Fact]
    public void Only_what_was_tried_and_held_has_passed()
    {
        Assert.True(Good.Passed);
        Assert.False((Good with { Failures = ["a"] }).Passed);
        Assert.False((Good with { NotTried = "a" }).Passed);
        Assert.False(TrialReport.Not("4f2a9c1", "a").Passed);
    }

    [Fact]
    public void Tells_people() =>
        Approval.Match(
            string.Join(
                '\n',
                Good,
                TrialReport.Not("4f2a9c1", "environment test declares no verify.requests"),
                Good with
                {
                    Failures =
                    [
                        "verify.hurl:20: Create a note: POST http://127.0.0.1:41000/api/notes: status: expected 201, got 500",
                    ],
                    LastWords = ["""column "body" of relation "notes" does not exist"""],
                }
            )
        );
}
