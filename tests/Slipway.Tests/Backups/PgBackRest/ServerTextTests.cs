using Slipway.Backups;
using Slipway.Backups.PgBackRest;
using Slipway.Tests.Support;
using static Slipway.Tests.Backups.BackupSamples;
using static Slipway.Tests.Backups.PgBackRest.ServerSamples;

namespace Slipway.Tests.Backups.PgBackRest;

/// <summary>What a person reads about backups of a server.</summary>
public sealed class ServerTextTests
{
    private static readonly ServerBackupList List = new("test", true, Two());

    [Fact]
    public void Lists_them_among_the_dumps()
    {
        var text = BackupList.Text([Stored(Manifest(Now.AddHours(-7)))], List, Now, TimeZoneInfo.Utc);

        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Approval.Match(text);
    }

    [Fact]
    public void Tells_machines_the_same() =>
        Approval.Match(BackupList.Json([Stored(Manifest(Now.AddHours(-7)))], List, Now), "json");

    [Fact]
    public void Says_what_the_server_must_be_told() =>
        Approval.Match(
            ShowError(
                new SetupReport([
                    new("archive_mode", "off", "on", "ALTER SYSTEM SET archive_mode = 'on'; then restart the server"),
                    new("archive_command", "", "\"pgbackrest\" …", "ALTER SYSTEM SET archive_command = '…'; then …"),
                    new("archive_library", "basic_archive", "", "ALTER SYSTEM SET archive_library = ''; then …"),
                ]).Refuse("prod")
            )
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Says_what_to_do_with_restored_files(bool hasConfiguration) =>
        Approval.Match(
            new RestoredFolder(
                "/srv/restored",
                RestoreTarget.At(Now),
                "20260314-020000F",
                "/var/lib/postgresql/15/main",
                5432,
                "/usr/lib/postgresql/15/bin"
            )
            {
                HasConfiguration = hasConfiguration,
                Tablespaces = hasConfiguration ? null : "/srv/restored-tablespaces",
                PreloadLibraries = hasConfiguration ? [] : ["timescaledb", "pg_cron"],
            }.Text("prod"),
            variant: hasConfiguration ? "with_configuration" : "as_on_Debian"
        );

    private static string ShowError(Slipway.Settings.SlipwayException exception) =>
        $"{exception.Message}\nHINT: {exception.Hint}";
}
