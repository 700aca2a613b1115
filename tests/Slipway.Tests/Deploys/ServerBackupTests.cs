using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Backups;
using Slipway.Backups.PgBackRest;
using Slipway.Settings;
using Slipway.Tests.Backups.PgBackRest;
using Slipway.Tests.Support;

namespace Slipway.Tests.Deploys;

/// <summary>The targets around backups, of an environment whose server is backed up with pgBackRest.</summary>
[Trait("Needs", "Server")]
public sealed class ServerBackupTests(HistoryServer server) : IClassFixture<HistoryServer>
{
    private const string Databases = "SELECT count(*) FROM pg_database WHERE datname = ";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Key => server.Settings.Passphrase!.Reveal();

    private string First => server.AfterFirst.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Sets_up_and_takes_and_lists()
    {
        await server.UpAsync();
        using var project = Project();

        var setup = await project.DoAsync(chain => chain.BackupSetupAsync(Stop));
        var taken = await project.DoAsync(chain => chain.BackupAsync(null, "diff", Stop));
        var list = await project.DoAsync(chain => chain.BackupsAsync(json: false, Stop));
        var json = await project.DoAsync(chain => chain.BackupsAsync(json: true, Stop));

        var labels = (await server.Engine.InfoAsync(Stop)).Backups.Select(backup => backup.Label).ToList();
        Assert.Contains("a segment of write-ahead log was archived and is", setup, StringComparison.Ordinal);
        Assert.Contains($"server {labels[^1]}", taken, StringComparison.Ordinal);
        Assert.Contains("stored, encrypted", taken, StringComparison.Ordinal);
        Assert.Contains(
            "pgBackRest, the whole server; opens with BACKUP_REPOSITORY_KEY",
            list,
            StringComparison.Ordinal
        );
        Assert.Equal(labels, JsonNode.Parse(json)!.AsArray().Select(entry => (string)entry!["id"]!));
    }

    [Fact]
    public async Task Verifies_and_says_how_it_stands()
    {
        await server.UpAsync();
        using var project = Project();
        using var folder = new TemporaryFolder();

        var read = await VerifyAsync(VerificationLevel.ReadBack);
        var proven = await VerifyAsync(VerificationLevel.Restored);
        var list = await project.DoAsync(chain => chain.BackupsAsync(json: false, Stop));
        var status = await project.DoAsync(chain => chain.BackupStatusAsync(json: false, folder["x.prom"], Stop));
        var metrics = await File.ReadAllTextAsync(folder["x.prom"], Stop);

        var label = (await server.Engine.InfoAsync(Stop)).Latest!.Label;
        Assert.Matches(@"✓ \d+ backups with \d+ files, and \d+ segments of write-ahead log, read to their end", read);
        Assert.Contains($"✓ backup {label} was restored to the latest state", proven, StringComparison.Ordinal);
        Assert.Contains("time to recover", proven, StringComparison.Ordinal);
        Assert.Contains("restored", list, StringComparison.Ordinal);
        Assert.All(
            ["newest", "verified", "size", "restore test", "encryption", "archive"],
            item => Assert.Matches($"server {item} +ok", status)
        );
        Assert.Contains("slipway_server_backup_last_success_timestamp_seconds", metrics, StringComparison.Ordinal);
        Assert.Contains("slipway_archive_waiting_segments", metrics, StringComparison.Ordinal);

        Task<string> VerifyAsync(VerificationLevel level) =>
            project.DoAsync(chain => chain.BackupVerifyAsync(null, level, "pgbackrest", Stop));
    }

    [Fact]
    public async Task Goes_back_to_a_moment_in_a_new_database()
    {
        await server.UpAsync();
        using var project = Project();

        var printed = await project.DoAsync(chain => chain.RestoreAsync(null, "moment", null, First, Stop));

        Assert.Equal([1], await EventsAsync("moment"));
        Assert.Contains("database postgres was not touched", printed, StringComparison.Ordinal);
        Assert.Equal(4, await server.AskAsync<long>("SELECT count(*) FROM events"));
        Assert.Empty(Copies());
    }

    [Fact]
    public async Task Goes_back_to_a_log_position_with_one_table()
    {
        await server.UpAsync();
        using var project = Project();

        await project.DoAsync(chain =>
            chain.RestoreAsync(null, "position", "public.events", $"{server.AfterSecond}", Stop)
        );

        Assert.Equal([1, 2], await EventsAsync("position"));
    }

    [Fact]
    public async Task Restores_the_server_to_a_folder_and_says_what_to_do_next()
    {
        await server.UpAsync();
        using var project = Project();
        var folder = Path.Combine(server.Settings.Folder, "restored");

        var printed = await project.DoAsync(chain => chain.RestoreAsync(null, folder, null, First, Stop));
        var again = await project.FailAsync(chain => chain.RestoreAsync(null, folder, null, First, Stop));

        Assert.Equal("1", await AsPrintedAsync(printed, folder));
        Assert.Contains($"pg_ctl -D {folder} -w -o", printed, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, again.ExitCode);
        Assert.Contains(
            "is not empty; the live server is as it was; nothing was restored",
            again.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Refuses_points_that_nothing_reaches()
    {
        await server.UpAsync();
        using var project = Project();
        var before = server
            .Backups[0]
            .Started.AddMinutes(-1)
            .ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture);

        var early = await RestoreAsync(before);
        var late = await RestoreAsync("2199-01-01T00:00:00Z");
        var unarchived = await RestoreAsync("FFFF/0");

        Assert.Contains("is before the end of backup", early.Message, StringComparison.Ordinal);
        Assert.Contains("the live server is as it was", early.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"./build.sh Restore --env test --at {before} --to never",
            early.Hint,
            StringComparison.Ordinal
        );
        Assert.Contains("is still to come", late.Message, StringComparison.Ordinal);
        Assert.Contains("is not archived", unarchived.Message, StringComparison.Ordinal);
        Assert.Equal(0, await server.AskAsync<long>($"{Databases}'never'"));

        Task<SlipwayException> RestoreAsync(string at) =>
            project.FailAsync(chain => chain.RestoreAsync(null, "never", null, at, Stop));
    }

    [Fact]
    public async Task Refuses_what_would_be_in_place()
    {
        await server.UpAsync();
        using var project = Project();

        var without = await project.FailAsync(chain => chain.RestoreAsync(null, null, null, "latest", Stop));
        var live = await project.FailAsync(chain =>
            chain.RestoreAsync(null, server.Settings.DataFolder, null, "latest", Stop)
        );
        var database = await project.FailAsync(chain => chain.RestoreAsync(null, "postgres", null, "latest", Stop));

        Assert.Contains("never in its place", without.Message, StringComparison.Ordinal);
        Assert.Contains("the data folder of the live server", live.Message, StringComparison.Ordinal);
        Assert.Contains("--to postgres is the live database", database.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_folder_for_copies_whose_path_is_too_long_before_anything_is_restored()
    {
        await server.UpAsync();
        using var project = new ServerProject(
            server.Settings,
            section => section["scratchFolder"] = $"/tmp/{new string('x', 80)}"
        )
        {
            Key = Key,
        };

        var failure = await project.FailAsync(chain => chain.RestoreAsync(null, "never", null, "latest", Stop));

        Assert.Equal(ExitCode.BadInput, failure.ExitCode);
        Assert.Contains(
            "has 85 characters, and the socket of a copy fits behind 63",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("backup.pgBackRest.scratchFolder", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_a_wrong_passphrase_away_from_the_server_that_archives()
    {
        await server.UpAsync();
        using var right = Project();
        await right.DoAsync(chain => chain.BackupsAsync(json: false, Stop));
        using var project = new ServerProject(server.Settings) { Key = new('w', 48) };

        var failure = await project.FailAsync(chain => chain.BackupAsync(null, "incr", Stop));
        await project.DoAsync(async chain =>
            Assert.Equal(ExitCode.Failed, await chain.BackupStatusAsync(json: false, null, Stop))
        );

        Assert.Contains("which was left as it was", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no backup of the server was taken", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the passphrase is not the one", failure.Hint, StringComparison.Ordinal);
        Assert.Matches("server repository +UNKNOWN", project.Printed);
        await server.ArchiveAsync();
        await right.DoAsync(chain => chain.BackupsAsync(json: false, Stop));
    }

    [Fact]
    public async Task Alarms_when_the_repository_is_gone_and_makes_no_new_one()
    {
        await server.UpAsync();
        using var copy = new TemporaryFolder();
        using var project = new ServerProject(await server.WithCopyAsync(copy)) { Key = Key };
        await project.DoAsync(chain => chain.BackupsAsync(json: false, Stop));
        Directory.Delete(copy["repository"], recursive: true);

        var (code, status) = await StatusWithAsync(project, "server repository");
        var restore = await project.FailAsync(chain => chain.RestoreAsync(null, "never", null, "latest", Stop));

        Assert.Equal(ExitCode.Failed, code);
        Assert.Matches("server repository +UNKNOWN", status);
        Assert.Contains("/repository is not there", restore.Message, StringComparison.Ordinal);
        Assert.Contains("mount its disk", restore.Hint, StringComparison.Ordinal);
        Assert.False(Directory.Exists(copy["repository"]));
    }

    [Fact]
    public async Task Alarms_when_the_bucket_cannot_be_reached()
    {
        await server.UpAsync();
        using var copy = new TemporaryFolder();
        await BackedUpServer.RunAsync("chmod", ["755", copy.Path]);
        using var project = new ServerProject(
            server.Settings with
            {
                Folder = copy["pgbackrest"],
            },
            section => section.Remove("repository")
        )
        {
            Key = Key,
            Store = """{ "bucket": "b", "region": "x", "endpoint": "https://127.0.0.1:1" }""",
        };

        var (code, status) = await StatusWithAsync(project, "server repository");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Matches("server repository +UNKNOWN", status);
    }

    [Fact]
    public async Task Alarms_when_archiving_is_broken()
    {
        await server.UpAsync();
        using var project = Project();
        await server.DoAsync("ALTER SYSTEM SET archive_command = '/bin/false'");
        await server.DoAsync("SELECT pg_reload_conf()");
        try
        {
            await server.DoAsync("SELECT pg_create_restore_point('x'); SELECT pg_switch_wal()");
            var (code, status) = await StatusWithAsync(project, "server archive failing");
            var backup = await project.FailAsync(chain => chain.BackupAsync(null, "incr", Stop));

            Assert.Equal(ExitCode.Failed, code);
            Assert.Matches("server archive command +FAIL", status);
            Assert.Contains("archive_command is /bin/false", backup.Message, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Refused, backup.ExitCode);
        }
        finally
        {
            await server.DoAsync("ALTER SYSTEM RESET archive_command");
            await server.DoAsync("SELECT pg_reload_conf()");
        }

        await server.ArchiveAsync();
    }

    [Fact]
    public async Task Expires_only_when_a_better_proven_backup_stays()
    {
        await server.UpAsync();
        await server.Engine.BackupAsync(BackupType.Full, null, Stop);
        using var copy = new TemporaryFolder();
        var settings = await server.WithCopyAsync(copy);
        using var project = new ServerProject(settings, section => section["keepFull"] = 1) { Key = Key };
        var before = (await server.Engine.InfoAsync(Stop)).Backups.Count;

        var (refusedCode, refused) = await PruneAsync();
        await project.DoAsync(chain => chain.BackupVerifyAsync(null, VerificationLevel.ReadBack, "pgbackrest", Stop));
        var (code, _) = await PruneAsync();
        var after = await new PgBackRestEngine(settings with { KeepFull = 1 }, BackedUpServer.Processes).InfoAsync(
            Stop
        );

        Assert.Equal((ExitCode.Refused, ExitCode.Done), (refusedCode, code));
        Assert.Contains("none of those that would stay was ever verified", refused, StringComparison.Ordinal);
        Assert.True(before > 1);
        Assert.Equal([after.Latest!], after.Backups);

        async Task<(ExitCode Code, string Printed)> PruneAsync()
        {
            var result = ExitCode.Done;
            var printed = await project.DoAsync(async chain => result = await chain.BackupPruneAsync(Stop));
            return (result, printed);
        }
    }

    [Fact]
    public async Task A_deploy_backs_the_server_up_behind_the_dump()
    {
        await server.UpAsync();
        using var project = Project();
        await project.CommitAsync();

        var printed = await project.DoAsync(async chain =>
        {
            await chain.StepAsync("Preflight", chain.PreflightAsync, Stop);
            await chain.StepAsync("PreBackup", chain.PreBackupAsync, Stop);
        });

        Assert.Matches("encrypted, read back; server [0-9F_-]+[DI]?, .* encrypted", printed);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        await server.UpAsync();
        using var copy = new TemporaryFolder();
        var settings = server.Settings with { Folder = copy["none"] };
        using var project = new ServerProject(settings) { Key = Key, DryRun = true };

        var printed = await project.DoAsync(async chain =>
        {
            await chain.BackupSetupAsync(Stop);
            await chain.BackupAsync(null, "full", Stop);
            await chain.BackupVerifyAsync(null, VerificationLevel.Restored, "pgbackrest", Stop);
            await chain.RestoreAsync(null, "new", null, "latest", Stop);
        });

        Assert.Equal(4, printed.Split("  would ").Length - 1);
        Assert.False(Directory.Exists(copy["none"]));
    }

    [Theory]
    [InlineData("dump", "full", "--type is of pgBackRest, and --engine says dump")]
    [InlineData("pgbackrestt", null, "--engine pgbackrestt is not known")]
    [InlineData(null, "ful", "--type ful is not known")]
    public async Task Refuses_what_it_does_not_know(string? engine, string? type, string message)
    {
        using var project = Project();

        var failure = await project.FailAsync(chain => chain.BackupAsync(engine, type, Stop));

        Assert.Equal((message, ExitCode.BadInput), (failure.Message, failure.ExitCode));
    }

    private ServerProject Project() => new(server.Settings) { Key = Key };

    /// <summary>Runs the commands as they were printed, on a port that is free here, and counts the events meanwhile.</summary>
    private static async Task<string> AsPrintedAsync(string printed, string folder)
    {
        var commands = printed
            .Split('\n')
            .Where(line => line.Contains($"/pg_ctl -D {folder} ", StringComparison.Ordinal))
            .ToList();
        var port = $"-p {PostgresCluster.FreePort()} ";
        var start = commands[0].Trim().Replace("-p 5433 ", port, StringComparison.Ordinal);
        string[] user = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
        await ShellAsync($"{start} >/dev/null 2>&1 </dev/null");
        var count = await ShellAsync(
            $"psql -h 127.0.0.1 {port}-U postgres -d postgres -AtXc 'SELECT count(*) FROM events'"
        );
        await ShellAsync(commands[1].Trim());
        return count.Trim();

        Task<string> ShellAsync(string text)
        {
            string[] words = [.. user, "sh", "-c", $"cd / && {text}"];
            return Tool.RunAsync(words[0], words[1..]);
        }
    }

    private static async Task<(ExitCode Code, string Status)> StatusWithAsync(ServerProject project, string item)
    {
        for (var waits = 0; ; waits++)
        {
            var code = ExitCode.Done;
            var status = await project.DoAsync(async chain =>
                code = await chain.BackupStatusAsync(json: false, null, Stop)
            );
            if (status.Contains(item, StringComparison.Ordinal))
            {
                return (code, status);
            }

            Assert.True(waits < 100, status);
            await Task.Delay(100, Stop);
        }
    }

    private IEnumerable<string> Copies()
    {
        var folder = Path.Combine(server.Settings.Folder, "scratch");
        return Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder) : [];
    }

    private async Task<IReadOnlyList<int>> EventsAsync(string database)
    {
        await using var source = Slipway.Postgres.PostgresSource.Create(
            server.Url with
            {
                Database = database,
            },
            "test"
        );
        await using var command = source.CreateCommand("SELECT id FROM public.events ORDER BY id");
        await using var rows = await command.ExecuteReaderAsync(Stop);
        var found = new List<int>();
        while (await rows.ReadAsync(Stop))
        {
            found.Add(rows.GetInt32(0));
        }

        return found;
    }
}
