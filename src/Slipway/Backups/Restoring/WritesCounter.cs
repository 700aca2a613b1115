using Slipway.Postgres;

namespace Slipway.Backups.Restoring;

/// <summary>Counts what was written to a database since a backup of it.</summary>
/// <remarks>
/// Every row version carries the number of the transaction that wrote it. Where all rows of now were visible in the backup's
/// snapshot, and there are as many of them as there were, they are the same rows: nothing was deleted either.
/// </remarks>
internal sealed class WritesCounter(ServerSession live, BackupManifest manifest, TimeProvider time)
{
    private const string Catalogs = """
        pg_class pg_attribute pg_proc pg_type pg_constraint pg_index pg_trigger pg_namespace pg_policy pg_rewrite pg_attrdef
        pg_enum pg_sequence pg_extension pg_event_trigger pg_publication pg_publication_rel pg_statistic_ext pg_operator
        pg_inherits pg_partitioned_table pg_description pg_default_acl pg_cast pg_collation
        """;

    private string _isNew = "true";

    /// <summary>True for a row <c>r</c> that the backup's snapshot did not see, in SQL; known once something was counted.</summary>
    public string IsNew => _isNew;

    /// <summary>Counts, in the transaction that the session is in.</summary>
    /// <param name="own">Transaction numbers that went to the restore itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<WritesSince> CountAsync(long own, CancellationToken cancellationToken)
    {
        var next = await NextAsync(live, cancellationToken);
        var snapshot = TransactionSnapshot.Parse(manifest.Snapshot);
        var isSame = await IsSameDatabaseAsync(cancellationToken);
        if (isSame && next >= snapshot.Next)
        {
            _isNew = IsNewRow(next);
        }

        var tables = await TablesAsync(cancellationToken);
        return new()
        {
            Since = manifest.Started,
            At = time.GetUtcNow(),
            Transactions = isSame ? Math.Max(0, next - snapshot.Next + snapshot.Running - own) : null,
            Tables = [.. tables.Where(table => table.Written != 0 || table.Gone != 0)],
            SchemaChanges = await SchemaChangesAsync(cancellationToken),
            WhyNotProvable = await DoubtAsync(isSame, snapshot, cancellationToken),
        };
    }

    /// <summary>The number that the server's next transaction gets.</summary>
    public static async Task<long> NextAsync(ServerSession session, CancellationToken cancellationToken) =>
        (
            await session.ListAsync(
                "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
                row => row.GetInt64(0),
                cancellationToken
            )
        )[0];

    // Numbers are of 32 bits in a row, and of 64 in a snapshot: the next number tells which turn a row's is of. Those below 3 are
    // the server's own, from before everything.
    private string IsNewRow(long next)
    {
        var turn = next & ~(long)uint.MaxValue;
        return $"""
            (CASE WHEN r.xmin::text::bigint < 3 THEN false
                  ELSE NOT pg_visible_in_snapshot((r.xmin::text::bigint + CASE WHEN r.xmin::text::bigint < {next
                - turn} THEN {turn}
                           ELSE {turn - (1L << 32)} END)::text::xid8, {Sql.Text(manifest.Snapshot)}::pg_snapshot) END)
            """;
    }

    private async Task<IReadOnlyList<TableWrites>> TablesAsync(CancellationToken cancellationToken)
    {
        var names = await live.ListAsync(ContentQueries.Tables, row => row.GetString(0), cancellationToken);
        var before = manifest.Content.Tables.ToDictionary(
            table => table.Table,
            table => table.Rows,
            StringComparer.Ordinal
        );
        var found = new List<TableWrites>();
        foreach (var name in names)
        {
            before.Remove(name, out var rows);
            found.AddRange(
                await live.ListAsync(
                    $"SELECT count(*), count(*) FILTER (WHERE {_isNew}) FROM ONLY {name} AS r",
                    row => TableWrites.Of(name, rows, row.GetInt64(0), row.GetInt64(1)),
                    cancellationToken
                )
            );
        }

        // What is not there any more is gone with all its rows.
        found.AddRange(before.Select(table => TableWrites.Of(table.Key, table.Value, 0, 0)));
        return found;
    }

    private async Task<long> SchemaChangesAsync(CancellationToken cancellationToken)
    {
        var sum = 0L;
        foreach (var catalog in Catalogs.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            sum += (
                await live.ListAsync(
                    $"SELECT count(*) FILTER (WHERE {_isNew}) FROM pg_catalog.{catalog} AS r",
                    row => row.GetInt64(0),
                    cancellationToken
                )
            )[0];
        }

        return sum + ObjectsGone(await ObjectsAsync(cancellationToken));
    }

    private Task<IReadOnlyList<KeyValuePair<string, long>>> ObjectsAsync(CancellationToken cancellationToken) =>
        live.ListAsync(
            ContentQueries.Objects,
            row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            cancellationToken
        );

    // What was dropped leaves no row to look at.
    private long ObjectsGone(IReadOnlyList<KeyValuePair<string, long>> now)
    {
        var there = now.ToDictionary(StringComparer.Ordinal);
        return manifest.Content.Objects.Sum(kind => Math.Max(0, kind.Value - there.GetValueOrDefault(kind.Key)));
    }

    // Numbers of transactions mean something only on the server that gave them, and rows of before only in the same database.
    private async Task<bool> IsSameDatabaseAsync(CancellationToken cancellationToken)
    {
        var mayAsk = await live.ListAsync(
            "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')",
            row => row.GetBoolean(0),
            cancellationToken
        );
        if (!mayAsk[0])
        {
            return false;
        }

        var found = await live.ListAsync(
            """
            SELECT system_identifier::text, (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
            FROM pg_control_system()
            """,
            row => (row.GetString(0), row.GetInt64(1)),
            cancellationToken
        );
        return found[0] == (manifest.SystemIdentifier, manifest.DatabaseId);
    }

    private async Task<string?> DoubtAsync(
        bool isSame,
        TransactionSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        if (!isSame)
        {
            return "it cannot be seen that this is the very database that the backup was taken from, so their transactions cannot be compared";
        }

        var objects = await live.ListAsync(ContentQueries.LargeObjects, row => row.GetInt64(0), cancellationToken);
        return snapshot.Running > 0
                ? $"{snapshot.Running} transactions were under way when the backup was taken, and their savepoints cannot be told apart"
            : objects[0] + manifest.Content.LargeObjects > 0
                ? "it has large objects, and what was written to them is not counted"
            : null;
    }
}
