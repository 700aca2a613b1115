using Microsoft.Extensions.Time.Testing;
using Slipway.Backups;
using Slipway.Backups.PgBackRest;
using Slipway.Backups.Status;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;
using Slipway.Tests.Backups.PgBackRest;
using Slipway.Tests.Support;
using static Slipway.Tests.Backups.BackupSamples;
using static Slipway.Tests.Backups.PgBackRest.ServerSamples;

namespace Slipway.Tests.Backups.Status;

/// <summary>How it stands with backups of a server.</summary>
public sealed class ServerStatusTests
{
    private static readonly ArchiveState Well = new()
    {
        Now = Now,
        IsOn = true,
        Waiting = 0,
        LastArchived = new(1, 0, 5),
        LastArchivedAt = Now.AddSeconds(-40),
        WalBytes = 100 << 20,
        WalLimit = 1 << 30,
        NewestInRepository = new(1, 0, 5),
    };

    private static readonly ServerBackupFacts Good = new() { Backups = Two(), Archive = Well };

    [Fact]
    public void Says_that_all_is_well() => Match(Good);

    [Fact]
    public void Says_everything_that_is_wrong() =>
        Match(
            new()
            {
                Backups =
                [
                    Server(
                        "20260301-020000F",
                        BackupType.Full,
                        Now.AddDays(-14),
                        Found("20260301-020000F", VerificationLevel.Restored, Now.AddDays(-13), "it did not come up")
                    ),
                ],
                IsEncrypted = false,
                Archive = Well with
                {
                    Waiting = 200,
                    OldestWaiting = Now.AddHours(-3),
                    LastFailed = "000000010000000000000006",
                    LastFailedAt = Now.AddSeconds(-5),
                    WalBytes = 5L << 30,
                    NewestInRepository = new(1, 0, 4),
                },
                Differences =
                [
                    new(
                        "archive_timeout",
                        "0",
                        "60",
                        "ALTER SYSTEM SET archive_timeout = '60'; then SELECT pg_reload_conf()"
                    ),
                ],
            }
        );

    [Fact]
    public void Says_what_it_cannot_see() =>
        Match(
            new()
            {
                RepositoryProblem = "pgBackRest info of shop: no repository. see that it can be reached",
                ArchiveProblem = "role app may not look: permission denied",
                ArchiveRemedy = "GRANT pg_monitor TO \"app\"",
            }
        );

    [Fact]
    public void Says_that_there_is_none_yet() => Match(new() { Archive = Well with { IsOn = false } });

    [Fact]
    public void Measures() =>
        Approval.Match(
            string.Join(
                '\n',
                BackupMetrics
                    .Text(Facts(Good), BackupJudge.Judge(Facts(Good)))
                    .Split('\n')
                    .Where(line =>
                        line.Contains("server", StringComparison.Ordinal)
                        || line.Contains("archive", StringComparison.Ordinal)
                    )
            ),
            "prom"
        );

    [Fact]
    public async Task Says_that_pgBackRest_is_not_installed_and_how_to_install_it()
    {
        using var folder = new TemporaryFolder();
        var output = new RunOutput(TextWriter.Null, interactive: false, new FakeTimeProvider(Now));
        var engine = new PgBackRestEngine(
            ServerSamples.Settings with
            {
                Folder = folder["work"],
            },
            BackedUpServer.Processes
        );
        var proofs = new ProofBook(new FileStore(folder["store"]), "test", "shop", output);
        var servers = new ServerBackups(engine, new(folder["scratch"]), proofs, BackedUpServer.Processes, output);
        var nowhere = DatabaseUrl.Parse("DATABASE_URL", "postgresql://app@127.0.0.1:1/shop");

        var facts = await new ServerBackupStatus(servers, nowhere).ObserveAsync(TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<SlipwayException>(() =>
            servers.BackupAsync(BackupType.Full, TestContext.Current.CancellationToken)
        );

        Assert.Contains("pgBackRest is not installed", facts.RepositoryProblem, StringComparison.Ordinal);
        Assert.Contains("the server cannot be asked", facts.ArchiveProblem, StringComparison.Ordinal);
        Assert.Equal(
            ("pgBackRest is not installed", "install it, on Debian: sudo apt-get install pgbackrest", ExitCode.Refused),
            (failure.Message, failure.Hint, failure.ExitCode)
        );
        Assert.False(Directory.Exists(folder["work"]));
    }

    private static BackupStatusFacts Facts(ServerBackupFacts server) =>
        new()
        {
            Environment = "test",
            Now = Now,
            Backups = [],
            Attempts = [],
            Server = server,
        };

    private static void Match(
        ServerBackupFacts server,
        [System.Runtime.CompilerServices.CallerMemberName] string test = ""
    )
    {
        var status = BackupJudge.Judge(Facts(server));
        var items = status.Items.Where(item => item.Name.StartsWith("server_", StringComparison.Ordinal)).ToList();
        var text = (status with { Items = items }).Text();
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Approval.Match(text, test: test);
    }
}
