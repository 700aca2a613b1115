using NpgsqlTypes;
using Slipway.Backups.PgBackRest;

namespace Slipway.Tests.Backups.PgBackRest;

/// <summary>A server with backups of every type and three rows that were written one after the other.</summary>
public sealed class HistoryServer : BackedUpServer
{
    private readonly List<PgBackRestBackup> _backups = [];
    private readonly List<string> _lines = [];

    public IReadOnlyList<PgBackRestBackup> Backups => _backups;

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>A moment after row 1 and before row 2.</summary>
    public DateTimeOffset AfterFirst { get; private set; }

    /// <summary>The log position after row 2 and before row 3.</summary>
    public NpgsqlLogSequenceNumber AfterSecond { get; private set; }

    protected override async Task StartAsync()
    {
        await base.StartAsync();
        var folder = Path.Combine(Path.GetDirectoryName(Settings.DataFolder)!, "space");
        await new ServerFolder(Processes).CreateAsync(folder, Stop);
        await DoAsync($"CREATE TABLESPACE space LOCATION '{folder}'");
        await DoAsync("CREATE TABLE events (id int PRIMARY KEY); CREATE TABLE far (id int) TABLESPACE space");
        await DoAsync("INSERT INTO far SELECT generate_series(1, 1000)");
        _backups.Add(await Engine.BackupAsync(BackupType.Incremental, _lines.Add, Stop));
        _backups.Add(await Engine.BackupAsync(BackupType.Differential, null, Stop));
        await DoAsync("INSERT INTO events VALUES (1)");
        AfterFirst = new(await AskAsync<DateTime>("SELECT clock_timestamp()"));
        await DoAsync("INSERT INTO events VALUES (2)");
        AfterSecond = await AskAsync<NpgsqlLogSequenceNumber>("SELECT pg_current_wal_insert_lsn()");
        await DoAsync("SELECT pg_create_restore_point('before row 3')");
        await DoAsync("INSERT INTO events VALUES (3)");
        _backups.Add(await Engine.BackupAsync(BackupType.Incremental, null, Stop));
        await DoAsync("INSERT INTO events VALUES (4)");
        await ArchiveAsync();
    }
}
