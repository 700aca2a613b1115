using Microsoft.Extensions.Time.Testing;
using Slipway.Backups;
using Slipway.Backups.PgBackRest;
using Slipway.Runs;
using Slipway.Storage;
using Slipway.Tests.Support;
using static Slipway.Tests.Backups.BackupSamples;

namespace Slipway.Tests.Backups;

public sealed class BackupListTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone(
        "test",
        TimeSpan.FromHours(2),
        null,
        null
    );

    private static readonly IReadOnlyList<StoredBackup> Backups = Samples();

    [Fact]
    public void Shows_every_backup_the_newest_last()
    {
        var text = BackupList.Text(Backups, ServerBackupList.None, Now, Zone);

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Approval.Match(text);
    }

    [Fact]
    public void Tells_machines_the_same() =>
        Approval.Match(BackupList.Json(Backups, ServerBackupList.None, Now), "json");

    [Fact]
    public async Task Says_that_there_are_none()
    {
        using var folder = new TemporaryFolder();
        await using var printed = new StringWriter();
        var output = new RunOutput(printed, interactive: false, new FakeTimeProvider(Now));
        var listing = new BackupListing(new(new FileStore(folder.Path), "test", output), output);

        await listing.RunAsync(json: false, TestContext.Current.CancellationToken);
        await listing.RunAsync(json: true, TestContext.Current.CancellationToken);

        Assert.Equal("  there are no backups\n[]\n", printed.ToString().ReplaceLineEndings("\n"));
    }

    private static IReadOnlyList<StoredBackup> Samples()
    {
        var (first, second, third, fourth) = (Now.AddDays(-40), Now.AddDays(-3), Now.AddHours(-26), Now.AddMinutes(-2));
        return
        [
            Stored(Manifest(first), ReadBack(first), Restored(first, first.AddDays(1))),
            Stored(
                Manifest(second) with
                {
                    Purpose =
                        "before somebody changed a great many things by hand that nobody had thought of before, and all at once",
                    Keys = ["3f2a9c1b77d0e4a1", "a90c1f0d2b3e4f55", "0102030405060708"],
                },
                ReadBack(
                    second,
                    problem: "database.dump.zst.age: the store has 3 bytes with SHA-256 abc instead of 12300000"
                )
            ),
            Verified(third),
            Stored(
                Manifest(fourth) with
                {
                    Keys = [],
                    Dump = new("database.dump.zst", new(4_500_000_000_000, Hash, 999_999_999_999, Hash)),
                    Globals = null,
                }
            ),
        ];
    }
}
