namespace Slipway.Backups;

/// <summary>What a database holds, in SQL; names come back quoted by the server.</summary>
internal static class ContentQueries
{
    private const string Own = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'";

    // What belongs to an extension comes back with the extension, not with the dump.
    private const string NotOfExtension =
        "NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = c.tableoid AND d.objid = c.oid AND d.deptype = 'e')";

    // A table that was dropped after the snapshot was taken has no size any more; that it is gone shows when it is read.
    public const string Tables = $"""
        SELECT format('%I.%I', n.nspname, c.relname), coalesce(pg_table_size(c.oid), 0)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND {Own} AND {NotOfExtension} ORDER BY 1
        """;

    // As the last vacuum or analyze saw them: asking for the size itself waits for whoever has locked a table.
    public const string Sizes = $"""
        SELECT format('%I.%I', n.nspname, c.relname),
               (greatest(c.relpages, 0) + greatest(t.relpages, 0))::bigint * current_setting('block_size')::bigint
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
        WHERE c.relkind = 'r' AND {Own} AND {NotOfExtension} ORDER BY 1
        """;

    public const string Sequences =
        "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences ORDER BY 1";

    public const string Extensions =
        "SELECT extname::text, extversion FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1";

    // Not-null constraints are left out: servers before 18 do not keep them as constraints. So are the copies of a partitioned
    // table's triggers on its partitions, which servers before 15 call internal; the column that tells came with 13.
    public const string Objects = $"""
        SELECT kind, count(*) FROM (
            SELECT CASE c.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key'
                                  WHEN 'u' THEN 'unique' ELSE 'exclusion' END AS kind
            FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
            WHERE c.contype IN ('c', 'f', 'p', 'u', 'x') AND {Own} AND {NotOfExtension}
            UNION ALL
            SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'p' THEN 'partitioned table'
                                  WHEN 'f' THEN 'foreign table' ELSE 'index' END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('v', 'm', 'p', 'f', 'i', 'I') AND {Own} AND {NotOfExtension}
            UNION ALL
            SELECT 'function' FROM pg_proc c JOIN pg_namespace n ON n.oid = c.pronamespace WHERE {Own} AND {NotOfExtension}
            UNION ALL
            SELECT 'trigger' FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid JOIN pg_namespace n ON n.oid = r.relnamespace
            WHERE NOT t.tgisinternal AND coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0' AND {Own}
            UNION ALL
            SELECT 'policy' FROM pg_policy
        ) AS objects GROUP BY kind ORDER BY kind
        """;

    public const string LargeObjects = "SELECT count(*) FROM pg_largeobject_metadata";

    public const string Roles = """
        SELECT DISTINCT r.rolname::text FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
        WHERE d.refclassid = 'pg_authid'::regclass
          AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        ORDER BY 1
        """;

    // The columns of the provider came with PostgreSQL 15 and were renamed in 17.
    public const string Properties = """
        SELECT pg_get_userbyid(datdba)::text, pg_encoding_to_char(encoding)::text, datcollate::text, datctype::text,
               coalesce(datacl::text[], '{}'), coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
               coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')
        FROM pg_database AS d WHERE datname = current_database()
        """;

    // A list of names is kept quoted already; quoting it once more would make one name of it.
    public const string Settings = """
        SELECT r.rolname::text, split_part(s.setting, '=', 1),
               CASE WHEN split_part(s.setting, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
                        'session_preload_libraries')
                    THEN substr(s.setting, strpos(s.setting, '=') + 1)
                    ELSE quote_literal(substr(s.setting, strpos(s.setting, '=') + 1)) END
        FROM (SELECT setrole, unnest(setconfig) AS setting FROM pg_db_role_setting
              WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS s
        LEFT JOIN pg_roles r ON r.oid = s.setrole ORDER BY 1 NULLS FIRST, 2
        """;
}
