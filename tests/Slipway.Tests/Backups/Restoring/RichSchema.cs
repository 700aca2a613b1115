namespace Slipway.Tests.Backups.Restoring;

/// <summary>A database with some of everything that pg_dump writes down.</summary>
internal static class RichSchema
{
    public const string Sql = """
        CREATE SCHEMA "DATA"; CREATE SCHEMA "a b.c";
        CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN word AS text CHECK (VALUE <> '');
        CREATE TABLE "DATA".x (id int PRIMARY KEY, note text);
        INSERT INTO "DATA".x SELECT n, repeat('x', n % 50) FROM generate_series(1, 2000) AS n;
        CREATE TABLE "a b.c"."we""ird table" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "line
        break" text, twice int GENERATED ALWAYS AS (id_base * 2) STORED, id_base int, m mood, w word);
        CREATE INDEX "odd index ä" ON "a b.c"."we""ird table" ("line
        break");
        INSERT INTO "a b.c"."we""ird table" ("line
        break", id_base, m, w) SELECT n || E'\n,"', n, 'bad', 'w' FROM generate_series(1, 500) AS n;
        CREATE TABLE "new
        line" (id serial PRIMARY KEY, v float8); INSERT INTO "new
        line" (v) SELECT random() FROM generate_series(1, 100);
        CREATE TABLE events (id bigint, at date, kind text, PRIMARY KEY (id, at, kind)) PARTITION BY RANGE (at);
        CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (kind);
        CREATE TABLE events_2_a PARTITION OF events_2 FOR VALUES IN ('a'); CREATE TABLE events_2_rest PARTITION OF events_2 DEFAULT;
        CREATE INDEX ON events (kind);
        INSERT INTO events SELECT n, '2025-06-01'::date + n, CASE n % 2 WHEN 0 THEN 'a' ELSE 'b' END FROM generate_series(1, 400) AS n;
        CREATE TABLE one (id int PRIMARY KEY, two int); CREATE TABLE two (id int PRIMARY KEY, one int REFERENCES one);
        ALTER TABLE one ADD FOREIGN KEY (two) REFERENCES two DEFERRABLE INITIALLY DEFERRED;
        BEGIN; INSERT INTO one VALUES (1, 1); INSERT INTO two VALUES (1, 1); COMMIT;
        CREATE VIEW grouped AS SELECT id, two FROM one GROUP BY id;
        CREATE MATERIALIZED VIEW totals AS SELECT kind, count(*) AS n FROM events GROUP BY kind; CREATE UNIQUE INDEX ON totals (kind);
        CREATE MATERIALIZED VIEW late AS SELECT id, two FROM one GROUP BY id; CREATE INDEX ON late (two);
        CREATE FUNCTION first_of_one() RETURNS int LANGUAGE sql RETURN (SELECT max(id) FROM (SELECT id, two FROM one GROUP BY id) AS g);
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER touched BEFORE UPDATE ON one FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TRIGGER touched BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION touch();
        ALTER TABLE one ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON one USING (id > 0);
        CREATE UNLOGGED TABLE scratchpad AS SELECT 1 AS n; CREATE TABLE empty ();
        CREATE STATISTICS together ON id, two FROM one; COMMENT ON TABLE one IS 'circular'; COMMENT ON INDEX one_pkey IS 'key';
        CREATE SEQUENCE unused; CREATE SEQUENCE used; SELECT nextval('used') FROM generate_series(1, 41);
        SELECT lo_from_bytea(0, decode(repeat('ab', 100000), 'hex')); SELECT lo_from_bytea(0, 'x');
        GRANT SELECT ON one TO PUBLIC; CREATE EXTENSION pg_trgm; CREATE INDEX ON "DATA".x USING gin (note gin_trgm_ops);
        CREATE TABLE big (id int PRIMARY KEY, data bytea)
        """;
}
