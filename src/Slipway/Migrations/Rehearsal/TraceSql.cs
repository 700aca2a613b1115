using Slipway.Postgres;

namespace Slipway.Migrations.Rehearsal;

/// <summary>What a rehearsal adds to its copy to see what statements do; never to a database that is in use.</summary>
internal static class TraceSql
{
    /// <summary>The schema that holds it.</summary>
    public const string Schema = "_slipway_trace";

    /// <summary>What a notice about a rewritten table begins with.</summary>
    public const string RewriteMark = "slipway rewrite ";

    /// <summary>What is there before a migration: what it makes itself is locked by nobody else.</summary>
    /// <param name="history">The migration tool's own table, which is nobody's data.</param>
    public static string Remember(HistoryTable history) =>
        $"""
            CREATE SCHEMA IF NOT EXISTS {Schema};
            DROP TABLE IF EXISTS {Schema}.relation;
            CREATE TABLE {Schema}.relation AS
                SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relkind, c.relfilenode,
                       CASE WHEN c.relkind = 'p' THEN
                           (SELECT coalesce(sum(greatest(p.reltuples, 0)), 0) FROM pg_partition_tree(c.oid) t JOIN pg_class p ON p.oid = t.relid)
                       ELSE greatest(c.reltuples, 0) END::bigint AS rows
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', '{Schema}')
                    AND n.nspname NOT LIKE 'pg\_%'
                    AND NOT (n.nspname = {Sql.Text(history.Schema)} AND c.relname = {Sql.Text(history.Name)});
            -- A migration may become somebody else.
            GRANT USAGE ON SCHEMA {Schema} TO PUBLIC;
            GRANT SELECT ON {Schema}.relation TO PUBLIC;
            """;

    /// <summary>What the session holds and has done so far in its transaction.</summary>
    public const string Look = $"""
        SELECT r.name, r.rows, c.oid IS NOT NULL AND c.relfilenode <> r.relfilenode AND r.relkind <> 'p',
               (SELECT max(CASE l.mode WHEN 'AccessExclusiveLock' THEN 2 WHEN 'ExclusiveLock' THEN 1
                               WHEN 'ShareRowExclusiveLock' THEN 1 WHEN 'ShareLock' THEN 1 ELSE 0 END)
                FROM pg_locks l WHERE l.locktype = 'relation' AND l.relation = r.oid AND l.pid = pg_backend_pid() AND l.granted
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())),
               coalesce(s.seq_tup_read, 0), coalesce(s.n_tup_ins, 0), coalesce(s.n_tup_upd, 0) + coalesce(s.n_tup_del, 0)
        FROM {Schema}.relation r LEFT JOIN pg_class c ON c.oid = r.oid LEFT JOIN pg_stat_xact_all_tables s ON s.relid = r.oid
        WHERE EXISTS (SELECT FROM pg_locks l WHERE l.relation = r.oid AND l.pid = pg_backend_pid() AND l.mode <> 'AccessShareLock')
            OR s.n_tup_ins > 0 OR s.n_tup_upd > 0 OR s.n_tup_del > 0
        """;

    /// <summary>What another session holds, with as much of it as the other one can see.</summary>
    public const string Watch = $"""
        SELECT r.name, r.rows, false,
               max(CASE l.mode WHEN 'AccessExclusiveLock' THEN 2 WHEN 'ExclusiveLock' THEN 1
                       WHEN 'ShareRowExclusiveLock' THEN 1 WHEN 'ShareLock' THEN 1 ELSE 0 END), 0::bigint, 0::bigint, 0::bigint
        FROM pg_locks l JOIN {Schema}.relation r ON r.oid = l.relation
        WHERE l.pid = $1 AND l.granted AND l.mode <> 'AccessShareLock' GROUP BY r.name, r.rows
        """;

    /// <summary>Tables that have another file than before.</summary>
    public const string Rewritten = $"""
        SELECT r.name FROM {Schema}.relation r JOIN pg_class c ON c.oid = r.oid
        WHERE c.relfilenode <> r.relfilenode AND r.relkind <> 'p'
        """;

    /// <summary>Indexes that are left unusable.</summary>
    public const string Invalid = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relkind = 'i' ORDER BY 1
        """;

    /// <summary>Tells why a table is rewritten; only a superuser may install it.</summary>
    public const string TellRewrites = $"""
        CREATE OR REPLACE FUNCTION {Schema}.tell_rewrite() RETURNS event_trigger LANGUAGE plpgsql AS $body$ BEGIN
            RAISE NOTICE '{RewriteMark}% %', pg_event_trigger_table_rewrite_reason(), pg_event_trigger_table_rewrite_oid()::regclass;
        END $body$;
        DROP EVENT TRIGGER IF EXISTS _slipway_rewrite;
        CREATE EVENT TRIGGER _slipway_rewrite ON table_rewrite EXECUTE FUNCTION {Schema}.tell_rewrite()
        """;

    /// <summary>Position of the write-ahead log, in bytes.</summary>
    public const string LogPosition = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint";
}
