using Slipway.Backups.PgBackRest;
using Slipway.Settings;

namespace Slipway.Tests.Backups.PgBackRest;

public sealed class PointInTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly PgBackRestInfo Info = new("ok", true, true, false, [], new WalSegment(1, 0, 5));

    [Theory]
    [InlineData("2026-03-14T15:09:26+01:00", "2026-03-14 14:09:26.000000+00")]
    [InlineData("2026-03-14T14:09:26Z", "2026-03-14 14:09:26.000000+00")]
    [InlineData("2026-03-14 14:09:26.123456Z", "2026-03-14 14:09:26.123456+00")]
    [InlineData("2026-03-14 09:09-05:00", "2026-03-14 14:09:00.000000+00")]
    [InlineData("2C/5D000028", "log position 2C/5D000028")]
    [InlineData("latest", "the latest state")]
    public void Understands(string text, string target) => Assert.Equal(target, $"{PointInTime.Parse(text)}");

    [Theory]
    [InlineData("2026-03-14T14:09:26", "is a time without its zone")]
    [InlineData("2026-03-14", "is a time without its zone")]
    [InlineData("yesterday", "is no time, no position in the write-ahead log and not latest")]
    [InlineData("", "is no time, no position in the write-ahead log and not latest")]
    [InlineData("2026-13-14T14:09:26Z", "is no time")]
    [InlineData("14:09:26Z", "is no time")]
    [InlineData("2C/", "is no time, no position in the write-ahead log and not latest")]
    public void Refuses_what_could_be_meant_otherwise(string text, string problem)
    {
        var failure = Assert.Throws<SlipwayException>(() => PointInTime.Parse(text));

        Assert.Equal(($"--at {text} {problem}", ExitCode.BadInput), (failure.Message, failure.ExitCode));
    }

    [Theory]
    [InlineData("2026-03-15T12:00:00Z", true)]
    [InlineData("2026-03-15T12:00:01Z", false)]
    [InlineData("0/5000028", true)]
    [InlineData("0/6000000", true)]
    [InlineData("0/6000001", false)]
    [InlineData("1/0", false)]
    [InlineData("latest", true)]
    public void Refuses_what_nothing_reaches(string text, bool isReached)
    {
        var failure = Record.Exception(() =>
            PointInTime.Check(PointInTime.Parse(text), Info, Now, WalSegment.DefaultBytes)
        );

        Assert.Equal(isReached, failure is null);
    }
}
