using Slipway.Backups.PgBackRest;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

public sealed class ConfigurationTextTests
{
    private static readonly PgBackRestSettings Folder = new()
    {
        Stanza = "app",
        DataFolder = "/var/lib/postgresql/15/main",
        Folder = "/var/lib/slipway/pgbackrest",
        Repository = new FolderRepository("/mnt/backup/app"),
    };

    private static readonly PgBackRestSettings Bucket = Folder with
    {
        Repository = new BucketRepository("backups", new("https://s3.example.com:9000"), "eu-central-1")
        {
            PathStyle = true,
            AccessKey = new("AKIAEXAMPLE"),
            SecretKey = new("secret/key+example"),
            AuthorityFile = "/etc/ssl/example.pem",
        },
        Passphrase = new("an example passphrase of many letters"),
        KeepDifferential = 7,
        Processes = 4,
    };

    [Fact]
    public void Writes_a_folder_without_encryption() =>
        Approval.Match(ConfigurationText.Of(Folder, new(2, 45)), "conf");

    [Fact]
    public void Writes_an_encrypted_bucket_and_block_incremental_backups() =>
        Approval.Match(ConfigurationText.Of(Bucket, new(2, 54, 1)), "conf");

    [Fact]
    public void Says_everything_that_is_wrong_at_once_and_no_secret()
    {
        var wrong = Folder with
        {
            Stanza = "my app",
            DataFolder = "relative",
            Folder = "/a'b",
            Passphrase = new("too short"),
            KeepFull = 0,
            Processes = -1,
            User = "postgres\nrepo1-path=/",
            Repository = new BucketRepository("", new("http://s3.example.com"), "") { AccessKey = new("key") },
        };

        var exception = Assert.Throws<SlipwayException>(() => ConfigurationText.Of(wrong, new(2, 45)));

        Assert.Equal(ExitCode.BadInput, exception.ExitCode);
        Assert.DoesNotContain("too short", exception.Message, StringComparison.Ordinal);
        Approval.Match($"{exception.Message}\nHINT: {exception.Hint}");
    }

    [Fact]
    public void Says_what_the_server_must_be_told()
    {
        Tool.Require("sh");
        var setup = new ArchiveSetup(Folder with { Program = "/bin/sh" });
        var differences = setup.Compare(
            new Dictionary<string, ServerSetting>(StringComparer.Ordinal)
            {
                ["wal_level"] = new("minimal", IsPending: true),
                ["archive_mode"] = new("off", IsPending: false),
                ["archive_command"] = new("/bin/true", IsPending: false),
                ["archive_library"] = new("basic_archive", IsPending: false),
                ["wal_segment_size"] = new("67108864", IsPending: false),
            }
        );

        Approval.Match(
            $"{setup.Text}\n{string.Join('\n', differences.Select(one => $"{one.Name} is {one.Value ?? "unknown"}, needed {one.Needed}: {one.Remedy}"))}"
        );
    }
}
