using CsCheck;
using Slipway.Backups.PgBackRest;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

public sealed class InfoReaderTests
{
    private const string Answer = """
        [{"archive":[{"database":{"id":1,"repo-key":1},"id":"15-1","max":"000000010000000000000005","min":"000000010000000000000001"}],"backup":[{"archive":{"start":"000000010000000000000002","stop":"000000010000000000000003"},"backrest":{"format":5,"version":"2.45"},"database":{"id":1,"repo-key":1},"error":false,"info":{"delta":22992374,"repository":{"delta":2840320,"size":2840320},"size":22992374},"label":"20261125-105545F","lsn":{"start":"0/2000028","stop":"0/3000050"},"prior":null,"reference":null,"timestamp":{"start":1795604145,"stop":1795604146},"type":"full"},{"archive":{"start":"000000010000000000000004","stop":"000000010000000000000005"},"backrest":{"format":5,"version":"2.45"},"database":{"id":1,"repo-key":1},"error":true,"info":{"delta":8458,"repository":{"delta":464},"size":22992374},"label":"20261125-105545F_20261125-105547I","lsn":{"start":"0/4000028","stop":"0/5000050"},"prior":"20261125-105545F","reference":["20261125-105545F"],"timestamp":{"start":1795604147,"stop":1795604148},"type":"incr"}],"cipher":"aes-256-cbc","db":[{"id":1,"repo-key":1,"system-id":7712061069887246871,"version":"15"}],"name":"app","repo":[{"cipher":"aes-256-cbc","key":1,"status":{"code":0,"message":"ok"}}],"status":{"code":0,"lock":{"backup":{"held":true}},"message":"ok"}}]
        """;

    private static readonly PgBackRestSettings Settings = new()
    {
        Stanza = "app",
        DataFolder = "/data",
        Folder = "/pgbackrest",
        Repository = new FolderRepository("/repository"),
    };

    // Cuts, doubles and swaps pieces of a good answer, and puts foreign ones in between.
    private static readonly Gen<string> Damaged = Gen.Select(
        Gen.Int[0, Answer.Length],
        Gen.Int[0, 60],
        Gen.OneOf(
            Gen.OneOfConst(
                "",
                "null",
                "[]",
                "{}",
                "-1",
                "99999999999999999999",
                "\"\"",
                "1e400",
                "true",
                "}",
                "\0",
                "\uD800"
            ),
            Gen.String[0, 8]
        ),
        (start, length, text) => Answer[..start] + text + Answer[Math.Min(Answer.Length, start + length)..]
    );

    private static readonly Gen<string> Replaced = Gen.Select(
        Gen.OneOfConst(
            "1795604145",
            "\"0/2000028\"",
            "22992374",
            "\"full\"",
            "false",
            "\"15\"",
            "\"app\"",
            "{\"code\":0",
            "null",
            "\"15-1\""
        ),
        Gen.OneOfConst("null", "-1", "0", "9223372036854775807", "\"x\"", "\"\"", "[]", "[null]", "{}", "{\"code\":99"),
        (from, to) => Answer.Replace(from, to, StringComparison.Ordinal)
    );

    [Fact]
    public void Understands_what_it_says()
    {
        var info = InfoReader.Read(Settings, Answer);

        Approval.Match($"{info with { Backups = [] }}\n{string.Join('\n', info.Backups)}");
        Assert.Equal("20261125-105545F", info.Latest?.Label);
    }

    [Fact]
    public void Throws_nothing_but_its_own_error() =>
        Gen.OneOf(Damaged, Replaced, Gen.String)
            .Sample(
                text =>
                {
                    try
                    {
                        InfoReader.Read(Settings, text);
                    }
                    catch (PgBackRestException exception)
                    {
                        Assert.NotEmpty(exception.Hint);
                    }
                },
                iter: 5000
            );

    [Fact]
    public void Takes_the_status_other_for_a_failure()
    {
        const string Text = """
            [{"backup":[],"name":"app","repo":[{"status":{"code":99,"message":"[CryptoError] unable to flush\nHINT: is or was the repo encrypted?"}}],"status":{"code":99,"message":"other"}}]
            """;

        var exception = Assert.Throws<PgBackRestException>(() => InfoReader.Read(Settings, Text));

        Assert.Equal(95, exception.Code);
        Approval.Match($"{exception.Message}\nHINT: {exception.Hint}");
    }

    [Fact]
    public void Knows_a_repository_without_the_stanza()
    {
        const string Text = """
            [{"archive":[],"backup":[],"cipher":"none","db":[],"name":"app","repo":[{"key":1,"status":{"code":1,"message":"missing stanza path"}}],"status":{"code":1,"message":"missing stanza path"}}]
            """;

        var info = InfoReader.Read(Settings, Text);

        Assert.True(info is { HasStanza: false, Status: "missing stanza path", Backups: [], Latest: null });
    }

    [Fact]
    public void Begins_with_the_newest_backup_that_ended_before_the_target()
    {
        var info = InfoReader.Read(
            Settings,
            Answer.Replace("\"error\":true", "\"error\":false", StringComparison.Ordinal)
        );
        var (first, second) = (info.Backups[0], info.Backups[1]);

        Assert.Equal(second, Choose(RestoreTarget.Latest));
        Assert.Equal(second, Choose(RestoreTarget.At(second.Stopped.AddSeconds(1))));
        // It may have ended later in the second that it tells.
        Assert.Equal(first, Choose(RestoreTarget.At(second.Stopped.AddSeconds(0.9))));
        Assert.Equal(second, Choose(RestoreTarget.At(second.StopLsn)));
        Assert.Equal(first, Choose(RestoreTarget.At(second.StartLsn)));
        Assert.Throws<PgBackRestException>(() => Choose(RestoreTarget.At(first.Started)));
        Assert.Throws<PgBackRestException>(() => Choose(RestoreTarget.At(first.Started), second.Label));

        PgBackRestBackup Choose(RestoreTarget target, string? label = null) =>
            BackupChoice.For(Settings, info, target, label);
    }
}
