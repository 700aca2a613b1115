using Slipway.Settings;

namespace Slipway.Tests.Settings;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("0 2 * * *")]
    [InlineData("*/5 * * * *")]
    [InlineData("0,30 8-18/2 1-15 jan-MAR,12 mon-fri")]
    [InlineData("5/10 0 29 2 *")]
    [InlineData("0 0 31 2 7")]
    public void Accepts(string schedule) => Assert.Null(CronExpression.Problem(schedule));

    [Theory]
    [InlineData("0 2 * *", "has 4 fields, cron has 5")]
    [InlineData("0 2 * * * *", "has 6 fields, cron has 5")]
    [InlineData("60 2 * * *", "'60' is no minute (0-59)")]
    [InlineData("0 24 * * *", "'24' is no hour (0-23)")]
    [InlineData("0 0 0 * *", "'0' is no day of month (1-31)")]
    [InlineData("0 0 * 13 *", "'13' is no month (1-12)")]
    [InlineData("0 0 * * 8", "'8' is no day of week (0-7)")]
    [InlineData("*/0 * * * *", "'*/0' is no minute (0-59)")]
    [InlineData("5-1 * * * *", "'5-1' is no minute (0-59)")]
    [InlineData("1,,2 * * * *", "'1,,2' is no minute (0-59)")]
    [InlineData("@daily", "has 1 fields, cron has 5")]
    [InlineData("0 0 31 2,4 *", "names a day that never comes")]
    public void Refuses(string schedule, string problem) => Assert.Equal(problem, CronExpression.Problem(schedule));

    [Theory]
    [InlineData("0 2 * * *", "1.00:00")]
    [InlineData("* * * * *", "0.00:01")]
    [InlineData("*/7 * * * *", "0.00:07")]
    [InlineData("0 8-18/2 * * *", "0.14:00")]
    [InlineData("30 2 * * 1-5", "3.00:00")]
    [InlineData("0 0 * * 7", "7.00:00")]
    [InlineData("0 0 1 * *", "31.00:00")]
    [InlineData("0 0 1 * mon", "7.00:00")]
    [InlineData("0 0 31 * *", "61.00:00")]
    [InlineData("0 0 29 2 *", "2921.00:00")]
    public void Tells_the_longest_time_between_two_runs(string schedule, string gap) =>
        Assert.Equal(TimeSpan.ParseExact(gap, @"d\.hh\:mm", null), CronExpression.LongestGap(schedule));

    [Fact]
    public void Tells_no_time_of_what_is_no_schedule() => Assert.Null(CronExpression.LongestGap("@daily"));
}
