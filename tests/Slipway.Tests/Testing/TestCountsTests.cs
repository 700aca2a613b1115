using Slipway.Testing;

namespace Slipway.Tests.Testing;

public sealed class TestCountsTests
{
    [Theory]
    [InlineData(
        "Test run summary: Passed!\n  total: 7\n  failed: 0\n  succeeded: 6\n  skipped: 1\n  duration: 2s",
        6,
        0,
        1
    )]
    [InlineData("Passed!  - Failed:     0, Passed:    12, Skipped:     3, Total:    15, Duration: 1 s", 12, 0, 3)]
    [InlineData(
        "Test Suites: 1 failed, 2 passed, 3 total\nTests:       2 failed, 1 skipped, 40 passed, 43 total\nTime: 3 s",
        40,
        2,
        1
    )]
    [InlineData("  12 passing (34ms)\n  1 pending\n  2 failing\n", 12, 2, 1)]
    [InlineData("# tests 9\n# pass 8\n# fail 1\n# skipped 0\n# todo 0", 8, 1, 0)]
    [InlineData("===== 3 failed, 97 passed, 2 skipped in 4.21s =====", 97, 3, 2)]
    [InlineData("test result: ok. 31 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out", 31, 0, 1)]
    [InlineData("5 passed, 0 failed", 5, 0, 0)]
    public void Reads_the_summary_of_the_common_runners(string output, int passed, int failed, int skipped) =>
        Assert.Equal(new TestCounts(passed, failed, skipped), TestCounts.Read(output));

    [Theory]
    [InlineData("")]
    [InlineData("all good\nthe failed attempt was retried")]
    public void Knows_when_there_is_no_summary(string output) => Assert.Null(TestCounts.Read(output));
}
