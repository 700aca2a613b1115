using CsCheck;
using Slipway.Backups.PgBackRest;

namespace Slipway.Tests.Backups.PgBackRest;

public sealed class VerifyReaderTests
{
    private const string Good = """
        stanza: app
        status: ok
          archiveId: 15-1, total WAL checked: 5, total valid WAL: 5
            missing: 0, checksum invalid: 0, size invalid: 0, other: 0
          backup: 20261125-105545F, status: valid, total files checked: 964, total valid files: 964
            missing: 0, checksum invalid: 0, size invalid: 0, other: 0
        """;

    [Fact]
    public void Passes_only_with_evidence()
    {
        var report = Read(Good);

        Assert.True(report.IsGood);
        Assert.Equal((5, 964L, "20261125-105545F"), (report.Segments, report.Files, report.Backups.Single()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("stanza: app\nstatus: ok")]
    [InlineData("stanza: app\nstatus: error\n  No usable backup.info file")]
    public void Fails_without(string text) => Assert.False(Read(text).IsGood);

    [Theory]
    [InlineData("status: ok", "status: error")]
    [InlineData("stanza: app", "stanza: other")]
    [InlineData("valid WAL: 5", "valid WAL: 4")]
    [InlineData("other: 0", "other: 1")]
    [InlineData("status: valid", "status: in-progress")]
    [InlineData("valid files: 964", "valid files: 963")]
    [InlineData("checked: 964, total valid files: 964", "checked: 0, total valid files: 0")]
    [InlineData("20261125-105545F", "20261125-105599F")]
    [InlineData("  archiveId", "  something new")]
    public void Fails_when_one_thing_differs(string good, string bad) =>
        Assert.False(Read(Good.Replace(good, bad, StringComparison.Ordinal)).IsGood);

    [Fact]
    public void Never_passes_when_anything_but_the_name_of_the_archive_is_changed()
    {
        var name = Good.IndexOf("15-1", StringComparison.Ordinal);
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Char)
            .Where((position, letter) => !char.IsWhiteSpace(Good[position]) && Good[position] != letter)
            .Where((position, _) => position < name || position >= name + "15-1".Length)
            .Sample(
                (position, letter) => Assert.False(Read(Good[..position] + letter + Good[(position + 1)..]).IsGood)
            );
    }

    [Fact]
    public void Finds_gaps_by_the_names_of_segments()
    {
        var first = WalSegment.Parse("0000000100000000000000FE")!.Value;

        Assert.Equal("0000000100000000000000FF", $"{first.Next(WalSegment.DefaultBytes)}");
        Assert.Equal(
            "000000010000000100000000",
            $"{first.Next(WalSegment.DefaultBytes).Next(WalSegment.DefaultBytes)}"
        );
        Assert.Equal(first, WalSegment.Parse($"{first}.00000028.backup"));
        Assert.Null(WalSegment.Parse("00000002.history"));
        Assert.Null(WalSegment.Parse("0000000100000000000000FE0"));
    }

    private static VerifyReport Read(string text) => VerifyReader.Read("app", ["20261125-105545F"], text);
}
