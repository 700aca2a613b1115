using Slipway.Postgres;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>Looks how archiving does.</summary>
public sealed class ArchiveReader(PgBackRestEngine engine)
{
    // Needs pg_monitor. archive_command is "(disabled)" while archive_mode is off.
    private const string Query = """
        SELECT now(),
               current_setting('archive_mode') <> 'off' AND current_setting('archive_command') NOT IN ('', '(disabled)'),
               (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready')::int,
               (SELECT min(modification) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'),
               last_archived_wal, last_archived_time, last_failed_wal, last_failed_time,
               (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir())::bigint,
               (SELECT setting::bigint * 1048576 FROM pg_settings WHERE name = 'max_wal_size')
        FROM pg_stat_archiver
        """;

    /// <summary>Asks the server, the repository and the spool folder.</summary>
    /// <param name="url">The server, as a role of pg_monitor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ArchiveState> ReadAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        var state = await AskServerAsync(url, cancellationToken);
        var spool = SpoolFiles();
        var errors = spool.Where(file => file.Extension is ".error").Select(Complaint);
        state = state with
        {
            SpoolErrors = [.. errors.Distinct(StringComparer.Ordinal)],
            SpoolBytes = spool.Sum(Length),
        };
        try
        {
            // After the server: the other way round, what was archived in between would look lost.
            return state with { NewestInRepository = (await engine.InfoAsync(cancellationToken)).NewestWal };
        }
        catch (PgBackRestException exception)
        {
            return state with { RepositoryProblem = exception.Message };
        }
    }

    private static async Task<ArchiveState> AskServerAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        await using var source = PostgresSource.Create(url, "archive health");
        await using var command = source.CreateCommand(Query);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new()
        {
            Now = await row.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken),
            IsOn = row.GetBoolean(1),
            Waiting = row.GetInt32(2),
            OldestWaiting = await row.GetFieldValueAsync<DateTimeOffset?>(3, cancellationToken),
            LastArchived = WalSegment.Parse(await row.GetFieldValueAsync<object>(4, cancellationToken) as string),
            LastArchivedAt = await row.GetFieldValueAsync<DateTimeOffset?>(5, cancellationToken),
            LastFailed = await row.GetFieldValueAsync<object>(6, cancellationToken) as string,
            LastFailedAt = await row.GetFieldValueAsync<DateTimeOffset?>(7, cancellationToken),
            WalBytes = row.GetInt64(8),
            WalLimit = row.GetInt64(9),
        };
    }

    private List<FileInfo> SpoolFiles()
    {
        var folder = new DirectoryInfo(Path.Combine(engine.Settings.SpoolFolder, "archive", engine.Settings.Stanza));
        return folder.Exists ? [.. folder.EnumerateFiles("*", SearchOption.AllDirectories)] : [];
    }

    // Its first line is the code. It is gone when the next push succeeds, maybe right now.
    private static string Complaint(FileInfo file)
    {
        try
        {
            var lines = File.ReadAllText(file.FullName).Split('\n', 2);
            var code = int.TryParse(lines[0], null, out var number) ? number : 0;
            var error = ErrorOutput.ParseMessage(code, lines[^1]);
            return $"[{error.Code:000}] {error.Detail}";
        }
        catch (IOException)
        {
            return $"{file.Name} cannot be read";
        }
    }

    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
