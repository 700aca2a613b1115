using Slipway.Reports;
using Slipway.Runs;

namespace Slipway.Tests.Reports;

public sealed class MarkdownReportTests
{
    private static readonly RunId Id = new("20261124T030000Z-4711");

    [Fact]
    public void Shows_what_a_message_says_as_text_and_never_as_markup()
    {
        var text = MarkdownReport.Text(
            Record(
                (
                    RunEvent.RunStarted,
                    [new("asked", "Deploy"), new("release", "<img src=x>"), new("environment", "a|b")]
                ),
                (
                    RunEvent.StepFinished,
                    [new("step", "Test"), new("outcome", "Succeeded"), new("summary", "`1` | <b>\n2")]
                ),
                (RunEvent.RunFinished, [new("outcome", "succeeded"), new("state", "x & y")])
            )
        );

        Assert.Contains(
            "# Deploy: release &lt;img src=x>, environment a\\|b: succeeded",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("\\`1\\` \\| &lt;b><br>2", text, StringComparison.Ordinal);
        Assert.Contains("x &amp; y", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_a_run_that_did_not_end()
    {
        var text = MarkdownReport.Text(
            Record((RunEvent.RunStarted, [new("asked", "PreBackup"), new("release", "r1"), new("environment", "prod")]))
        );

        Assert.StartsWith("# PreBackup: release r1, environment prod: not ended\n", text, StringComparison.Ordinal);
    }

    private static RunRecord Record(params (string Type, KeyValuePair<string, string>[] Facts)[] events) =>
        new(
            Id,
            [
                .. events.Select(
                    (item, index) => new RunEvent(index + 1, DateTimeOffset.UnixEpoch, item.Type, item.Facts)
                ),
            ],
            IsTorn: false
        );
}
