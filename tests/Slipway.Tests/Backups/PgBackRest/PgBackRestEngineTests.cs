using NpgsqlTypes;
using Slipway.Backups.PgBackRest;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.PgBackRest;

/// <summary>What leaves the server and its repository as they are.</summary>
[Trait("Needs", "Server")]
public sealed class PgBackRestEngineTests(HistoryServer server) : IClassFixture<HistoryServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PgBackRestEngine Engine => server.Engine;

    [Fact]
    public async Task Creates_a_stanza_twice()
    {
        await server.UpAsync();

        await Engine.CreateStanzaAsync(Stop);

        await Engine.CheckAsync(Stop);
    }

    [Fact]
    public async Task Takes_the_first_backup_full_and_the_others_as_asked()
    {
        await server.UpAsync();

        var info = await Engine.InfoAsync(Stop);

        Assert.Equal(server.Backups, info.Backups);
        Assert.Equal(
            [BackupType.Full, BackupType.Differential, BackupType.Incremental],
            info.Backups.Select(backup => backup.Type)
        );
        Assert.True(info is { HasStanza: true, IsEncrypted: true, IsBackupRunning: false, Status: "ok" });
        Assert.All(
            info.Backups,
            backup =>
            {
                Assert.True(backup.StartLsn < backup.StopLsn && backup.Started <= backup.Stopped);
                Assert.True(backup.DatabaseBytes > 20_000_000 && backup.RepositoryBytes > 0);
            }
        );
        Assert.Equal(
            (info.Backups[0].DatabaseBytes, true, info.Backups[0].Label),
            (info.Backups[0].CopiedBytes, info.Backups[1].CopiedBytes < 1_000_000, info.Backups[1].Prior)
        );
        Assert.Contains(server.Lines, line => line.Contains("new backup label", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keeps_secrets_in_a_file_of_the_servers_user_alone()
    {
        await server.UpAsync();

        var mode = await Tool.RunAsync("stat", "-c", "%a", server.Settings.ConfigurationFile);

        Assert.Equal("600", mode);
        Assert.DoesNotContain(
            server.Lines,
            line => line.Contains(server.Settings.Passphrase!.Reveal(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Verifies_what_is_good()
    {
        await server.UpAsync();

        var report = await Engine.VerifyAsync(Stop);

        Assert.Empty(report.Problems);
        Assert.Empty(report.Gaps);
        Assert.True(report.IsGood && report is { Backups.Count: 3, Segments: > 5, Files: > 2000 });
    }

    [Fact]
    public async Task Finds_one_flipped_bit_in_a_backup()
    {
        await server.UpAsync();
        using var copy = new TemporaryFolder();
        var settings = await server.WithCopyAsync(copy);
        var bundle = Directory
            .GetFiles(copy["repository"], "1", SearchOption.AllDirectories)
            .MaxBy(file => new FileInfo(file).Length)!;
        Flip(bundle);

        var report = await new PgBackRestEngine(settings, BackedUpServer.Processes).VerifyAsync(Stop);

        Assert.False(report.IsGood);
        Assert.Contains(report.Problems, problem => problem.Contains("checksum invalid: 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Finds_that_a_segment_of_write_ahead_log_is_missing()
    {
        await server.UpAsync();
        using var copy = new TemporaryFolder();
        var settings = await server.WithCopyAsync(copy);
        var engine = new PgBackRestEngine(settings, BackedUpServer.Processes);
        File.Delete(Segment(server.Backups[0].LastWal));

        // pgBackRest itself does not notice that one.
        var missing = await engine.VerifyAsync(Stop);

        Assert.Equal(
            [$"backup {server.Backups[0].Label} needs {server.Backups[0].LastWal}, which is not in the repository"],
            missing.Problems
        );
        Assert.Single(missing.Gaps);
        Assert.False(missing.IsGood);

        string Segment(WalSegment segment) =>
            Directory.GetFiles(copy["repository"], $"{segment}-*", SearchOption.AllDirectories).Single();
    }

    [Fact]
    public async Task Tells_of_a_wrong_passphrase()
    {
        await server.UpAsync();
        using var copy = new TemporaryFolder();
        var wrong = (await server.WithCopyAsync(copy)) with
        {
            Passphrase = new("d3JvbmcgcGFzc3BocmFzZSwgYnV0IGxvbmcgZW5vdWdo"),
        };
        var engine = new PgBackRestEngine(wrong, BackedUpServer.Processes);

        var info = await Assert.ThrowsAsync<PgBackRestException>(() => engine.InfoAsync(Stop));
        var stanza = await Assert.ThrowsAsync<PgBackRestException>(() => engine.CreateStanzaAsync(Stop));

        Assert.Equal(29, info.Code);
        Assert.Contains("passphrase", info.Hint, StringComparison.Ordinal);
        Assert.Contains("passphrase", stanza.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain(info.Message, letter => char.IsControl(letter));
        await Assert.ThrowsAsync<PgBackRestException>(() => engine.VerifyAsync(Stop));
    }

    [Fact]
    public async Task Restores_to_a_moment_a_log_position_and_a_named_point()
    {
        await server.UpAsync();

        // Three at once: none shares anything with another.
        var proofs = await Task.WhenAll(
            ProveAsync(RestoreTarget.At(server.AfterFirst), null),
            ProveAsync(RestoreTarget.At(server.AfterSecond), null),
            ProveAsync(RestoreTarget.At("before row 3"), server.Backups[1].Label)
        );

        Assert.Equal([1L, 2L, 2L], proofs.Select(Rows));
        Assert.All(proofs, proof => Assert.Contains(proof.Backup, server.Backups.Take(2)));
        Assert.True(proofs[0].LastTransaction <= server.AfterFirst);
    }

    [Fact]
    public async Task Proves_the_latest_state_and_leaves_nothing()
    {
        await server.UpAsync();
        var scratch = new ScratchSettings(Path.Combine(server.Scratch.Folder, "latest"));
        var prover = new BackupProof(server.Settings, scratch, BackedUpServer.Processes, TimeProvider.System);

        var proof = await prover.ProveAsync(RestoreTarget.Latest, null, null, Stop);

        Assert.Equal((4, server.Backups[2]), (Rows(proof), proof.Backup));
        Assert.Contains(proof.Databases["postgres"], table => table is { Table: "public.far", Rows: 1000 });
        Assert.True(proof.CheckTime > TimeSpan.Zero && proof.TimeToRecover > TimeSpan.Zero);
        Assert.Empty(Directory.GetDirectories(scratch.Folder));
        Assert.Equal(1000, await server.AskAsync<long>("SELECT count(*) FROM far"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{proof.RestoreTime.TotalSeconds:0.0} s restore, {proof.RecoveryTime.TotalSeconds:0.0} s recovery, {proof.CheckTime} check"
        );
    }

    [Fact]
    public async Task Says_when_the_log_ends_before_the_target_and_leaves_nothing()
    {
        await server.UpAsync();
        var scratch = new ScratchSettings(Path.Combine(server.Scratch.Folder, "late"));
        var proof = new BackupProof(server.Settings, scratch, BackedUpServer.Processes, TimeProvider.System);
        var late = RestoreTarget.At(new NpgsqlLogSequenceNumber((ulong)server.Backups[2].StopLsn + (1UL << 32)));

        var exception = await Assert.ThrowsAsync<ScratchException>(() => proof.ProveAsync(late, null, null, Stop));

        Assert.Contains("choose an earlier one", exception.Hint, StringComparison.Ordinal);
        Assert.Equal(server.Backups[2].Label, exception.Backup);
        Assert.Empty(Directory.GetDirectories(scratch.Folder));
    }

    [Fact]
    public async Task Refuses_to_restore_over_something_to_before_the_first_backup_and_an_unknown_one()
    {
        await server.UpAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["something"], "", Stop);
        var early = RestoreTarget.At(server.Backups[0].Started);

        var full = await FailAsync(new(folder.Path, RestoreTarget.Latest));
        var before = await FailAsync(new(folder["a"], early));
        var unknown = await FailAsync(new(folder["b"], RestoreTarget.Latest) { Label = "20200101-000000F" });
        var running = await FailAsync(
            new(server.Settings.DataFolder, RestoreTarget.Latest) { Delta = true, IsCopy = false }
        );

        Assert.Equal((75, 75, 38), (before.Code, unknown.Code, running.Code));
        Assert.Contains(server.Backups[2].Label, unknown.Hint, StringComparison.Ordinal);
        Assert.True(full.Code is 40 or 47 or 53, full.Message);

        Task<PgBackRestException> FailAsync(RestoreRequest request) =>
            Assert.ThrowsAsync<PgBackRestException>(() => Engine.RestoreAsync(request, null, Stop));
    }

    [Fact]
    public async Task Restores_only_what_differs()
    {
        await server.UpAsync();
        var request = new RestoreRequest($"{server.Settings.DataFolder}-copy", RestoreTarget.Latest);
        await Engine.RestoreAsync(request, null, Stop);
        var file = Path.Combine(request.Folder, "base", "1", "PG_VERSION");
        var version = await File.ReadAllTextAsync(file, Stop);
        await File.WriteAllTextAsync(file, "changed", Stop);

        await Engine.RestoreAsync(request with { Delta = true }, null, Stop);

        Assert.Equal(version, await File.ReadAllTextAsync(file, Stop));
        Assert.Contains(
            "archive_mode = 'off'",
            await File.ReadAllTextAsync(Path.Combine(request.Folder, "postgresql.auto.conf"), Stop),
            StringComparison.Ordinal
        );
        Assert.NotEmpty(Directory.GetFileSystemEntries(request.TablespaceFolder));
    }

    [Fact]
    public async Task Leaves_nothing_of_a_proof_that_was_cancelled()
    {
        await server.UpAsync();
        var scratch = new ScratchSettings(Path.Combine(server.Scratch.Folder, "cancelled"));
        var proof = new BackupProof(server.Settings, scratch, BackedUpServer.Processes, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            proof.ProveAsync(RestoreTarget.Latest, null, _ => stop.Cancel(), stop.Token)
        );

        Assert.Empty(Directory.GetDirectories(scratch.Folder));
    }

    [Fact]
    public async Task Finds_the_server_set_up_as_it_said_and_archiving_well()
    {
        await server.UpAsync();

        var differences = new ArchiveSetup(server.Settings).Compare(await ArchiveSetup.ReadAsync(server.Url, Stop));
        var state = await new ArchiveReader(Engine).ReadAsync(server.Url, Stop);

        Assert.Empty(differences);
        Assert.Empty(ArchiveJudge.Judge(state, new()));
        Assert.True(state.LastArchived <= state.NewestInRepository);
    }

    [Fact]
    public async Task Removes_what_a_killed_run_left()
    {
        await server.UpAsync();
        var scratch = new ScratchSettings(Path.Combine(server.Scratch.Folder, "killed"));
        var left = Path.Combine(scratch.Folder, "slipway-scratch-of-a-dead-run");
        Directory.CreateDirectory(left);
        await File.WriteAllTextAsync(
            Path.Combine(left, "owner.pid"),
            "1 (dead) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
            Stop
        );

        var folder = await ScratchFolder.CreateAsync(scratch, BackedUpServer.Processes, TimeProvider.System, Stop);

        Assert.Equal([folder.Path], Directory.GetDirectories(scratch.Folder));
    }

    [Fact]
    public async Task Says_how_to_install_it()
    {
        await server.UpAsync();
        var engine = new PgBackRestEngine(
            server.Settings with
            {
                Program = "no-such-program",
            },
            BackedUpServer.Processes
        );

        var exception = await Assert.ThrowsAsync<SlipwayException>(() => engine.InfoAsync(Stop));

        Assert.Contains("apt-get install pgbackrest", exception.Hint, StringComparison.Ordinal);
    }

    private Task<ProofRecord> ProveAsync(RestoreTarget target, string? label) =>
        new BackupProof(server.Settings, server.Scratch, BackedUpServer.Processes, TimeProvider.System).ProveAsync(
            target,
            label,
            null,
            Stop
        );

    private static long Rows(ProofRecord proof) =>
        proof.Databases["postgres"].Single(table => table.Table == "public.events").Rows;

    private static void Flip(string file)
    {
        using var stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = stream.Length / 2;
        var value = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(value ^ 1));
    }
}
