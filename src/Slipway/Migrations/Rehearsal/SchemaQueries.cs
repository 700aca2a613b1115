namespace Slipway.Migrations.Rehearsal;

/// <summary>A database's definitions as rows of kind, name, owner table and text.</summary>
internal static class SchemaQueries
{
    private const string Own =
        $"n.nspname NOT IN ('pg_catalog', 'information_schema', '{TraceSql.Schema}') AND n.nspname NOT LIKE 'pg\\_%'";

    private const string NotOfExtension =
        "NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.tableoid AND d.objid = o.oid AND d.deptype = 'e')";

    /// <summary>Columns: kind, name, the table it belongs to or null, definition.</summary>
    public const string All = $"""
        SELECT 'schema', format('%I', n.nspname), NULL, '' FROM pg_namespace n WHERE {Own}
        UNION ALL
        SELECT CASE o.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END,
               format('%I.%I', n.nspname, o.relname), NULL,
               CASE WHEN o.relkind IN ('v', 'm') THEN pg_get_viewdef(o.oid) ELSE concat_ws(' ', o.relkind, o.relpersistence,
                   CASE WHEN o.relrowsecurity THEN 'row security' END, CASE WHEN o.relforcerowsecurity THEN 'forced' END,
                   pg_get_partkeydef(o.oid), pg_get_expr(o.relpartbound, o.oid)) END
        FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
        WHERE o.relkind IN ('r', 'p', 'S', 'v', 'm', 'f') AND {Own} AND {NotOfExtension}
        UNION ALL
        SELECT 'column', format('%I.%I.%I', n.nspname, o.relname, a.attname), format('%I.%I', n.nspname, o.relname),
               concat_ws('|', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
                   a.attidentity, a.attgenerated, coalesce(pg_get_expr(e.adbin, e.adrelid), ''))
        FROM pg_attribute a JOIN pg_class o ON o.oid = a.attrelid JOIN pg_namespace n ON n.oid = o.relnamespace
        LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
        WHERE o.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {Own} AND {NotOfExtension}
        UNION ALL
        SELECT CASE o.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' ELSE 'exclusion' END,
               format('%I.%I.%I', n.nspname, r.relname, o.conname), format('%I.%I', n.nspname, r.relname),
               pg_get_constraintdef(o.oid) || CASE WHEN o.convalidated THEN '' ELSE ' (not validated)' END
        FROM pg_constraint o JOIN pg_class r ON r.oid = o.conrelid JOIN pg_namespace n ON n.oid = o.connamespace
        WHERE o.contype IN ('c', 'f', 'p', 'u', 'x') AND {Own} AND {NotOfExtension}
        UNION ALL
        SELECT CASE WHEN i.indisunique THEN 'unique index' ELSE 'index' END, format('%I.%I', n.nspname, o.relname),
               format('%I.%I', m.nspname, r.relname), pg_get_indexdef(o.oid) || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END
        FROM pg_index i JOIN pg_class o ON o.oid = i.indexrelid JOIN pg_namespace n ON n.oid = o.relnamespace
        JOIN pg_class r ON r.oid = i.indrelid JOIN pg_namespace m ON m.oid = r.relnamespace
        WHERE {Own} AND {NotOfExtension} AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = o.oid AND c.contype IN ('p', 'u', 'x'))
        UNION ALL
        SELECT 'function', format('%I.%I(%s)', n.nspname, o.proname, pg_get_function_identity_arguments(o.oid)), NULL,
               CASE WHEN o.prokind = 'a' THEN '' ELSE pg_get_functiondef(o.oid) END
        FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace WHERE {Own} AND {NotOfExtension}
        UNION ALL
        SELECT 'trigger', format('%I.%I.%I', n.nspname, r.relname, o.tgname), format('%I.%I', n.nspname, r.relname),
               pg_get_triggerdef(o.oid) || ' ' || o.tgenabled::text
        FROM pg_trigger o JOIN pg_class r ON r.oid = o.tgrelid JOIN pg_namespace n ON n.oid = r.relnamespace
        WHERE NOT o.tgisinternal AND {Own}
        UNION ALL
        SELECT 'policy', format('%I.%I.%I', n.nspname, r.relname, o.polname), format('%I.%I', n.nspname, r.relname),
               concat_ws('|', o.polcmd, o.polpermissive, pg_get_expr(o.polqual, o.polrelid), pg_get_expr(o.polwithcheck, o.polrelid))
        FROM pg_policy o JOIN pg_class r ON r.oid = o.polrelid JOIN pg_namespace n ON n.oid = r.relnamespace WHERE {Own}
        UNION ALL
        SELECT CASE o.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END, format('%I.%I', n.nspname, o.typname), NULL,
               CASE o.typtype WHEN 'e' THEN (SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = o.oid)
                   WHEN 'd' THEN concat_ws('|', format_type(o.typbasetype, o.typtypmod), o.typnotnull, o.typdefault)
                   ELSE (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                         FROM pg_attribute a WHERE a.attrelid = o.typrelid AND NOT a.attisdropped) END
        FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace
        WHERE (o.typtype IN ('e', 'd', 'r') OR (o.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = o.typrelid AND c.relkind = 'c')))
            AND {Own} AND {NotOfExtension}
        UNION ALL
        SELECT 'extension', format('%I', extname), NULL, extversion FROM pg_extension
        """;
}
