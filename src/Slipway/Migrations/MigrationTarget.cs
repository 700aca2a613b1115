using Npgsql;
using Slipway.Postgres;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>A project's migrations and the database they are for.</summary>
internal sealed class MigrationTarget : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly DatabaseUrl _url;
    private readonly MigrationSettings _settings;

    private MigrationTarget(DatabaseUrl url, MigrationSettings settings, MigrationSet set, NpgsqlDataSource source)
    {
        (_url, _settings, Set, _source) = (url, settings, set, source);
        History = Set.Format.History(url, settings);
        Sessions = new(_source, url, settings);
    }

    /// <summary>The files.</summary>
    public MigrationSet Set { get; }

    /// <summary>The history.</summary>
    public MigrationHistory History { get; }

    /// <summary>Opens sessions.</summary>
    public MigrationSession Sessions { get; }

    /// <summary>The timeouts.</summary>
    public MigrationSettings Settings => _settings;

    /// <summary>For looking.</summary>
    /// <exception cref="SlipwayException">The files cannot be used.</exception>
    public static MigrationTarget ForStatus(DatabaseUrl url, MigrationSettings settings) =>
        new(url, settings, MigrationSet.Read(settings), PostgresSource.CreateReusing(url, "migrate status"));

    /// <summary>For changing.</summary>
    /// <exception cref="SlipwayException">The files or the address cannot be used.</exception>
    public static MigrationTarget ForChange(DatabaseUrl url, MigrationSettings settings) =>
        url.PgBouncer
            ? throw new SlipwayException(
                $"{url} is the address of a PgBouncer, which gives every transaction another session: no lock would hold",
                "give the deploy the address of the server itself in DATABASE_URL",
                ExitCode.Refused
            )
            : new(url, settings, MigrationSet.Read(settings), PostgresSource.CreateReusing(url, "migrate"));

    /// <summary>For trying files that were read on a copy that nobody else uses.</summary>
    public static MigrationTarget ForCopy(DatabaseUrl copy, MigrationSettings settings, MigrationSet set) =>
        // A copy is copied in its turn, which no session may be connected to.
        new(copy, settings, set, PostgresSource.Create(copy, "rehearsal"));

    /// <summary>Keeps every other migration tool out.</summary>
    public async Task<MigrationLock> LockAsync(RunOutput output, CancellationToken cancellationToken) =>
        await MigrationLock.AcquireAsync(
            await Sessions.OpenAsync(cancellationToken),
            Set.Format.LockKey(_url, _settings),
            _settings.QueueTimeout,
            output,
            cancellationToken
        );

    /// <summary>Compares files and history.</summary>
    public async Task<MigrationStatus> StatusAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Sessions.OpenPlainAsync(cancellationToken);
        var status = MigrationStatus.Of(
            Set,
            await History.ReadAsync(connection, Set, cancellationToken),
            await new StepProgress(History.Table.Schema).ReadAsync(connection, cancellationToken),
            _settings.AppliesOutOfOrder ?? Set.Format.AppliesOutOfOrder
        );
        return status with { Unknown = await UnknownAsync(connection, cancellationToken) };
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<string?> UnknownAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var table = History.Table;
        if (await table.ExistsAsync(connection, cancellationToken))
        {
            return null;
        }

        // Tables of extensions belong to nobody's migrations.
        var tables = await Query.RowsAsync(
            connection,
            """
            SELECT relname::text FROM pg_class c
            WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND relkind IN ('r', 'p')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
            ORDER BY NOT relname = ANY ($2), relname
            """,
            reader => reader.GetString(0),
            cancellationToken,
            table.Schema,
            HistoryTable.Known.ToArray()
        );
        if (tables.Count == 0)
        {
            return null;
        }

        var shown = $"{string.Join(", ", tables.Take(5))}{(tables.Count > 5 ? $" and {tables.Count - 5} more" : "")}";
        var other = HistoryTable.Known.Contains(tables[0]) ? $"; {tables[0]} is the history of another tool" : "";
        return $"Schema {table.Schema} has tables ({shown}) but no migration history {table.Name}, so what is applied is not known{other}";
    }
}
