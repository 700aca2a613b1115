using System.Globalization;
using System.Text;

namespace Slipway.Tests.Migrations.Formats;

/// <summary>
/// Migrations as public projects have them, as many as wanted and always the same: ten kinds, one after the other.
/// </summary>
internal static class PublicDirectory
{
    private static readonly DateTime Start = new(2020, 1, 1, 9, 30, 0, DateTimeKind.Utc);

    /// <summary>Fills a project; every ten migrations are about one table.</summary>
    public static void Fill(FormatProject project, string format, int size)
    {
        project.Prefix = Prefix(format, size);
        project.Add(Enumerable.Range(1, size).Select(number => One(format, number)));
    }

    /// <summary>How many tables they leave, but for the history.</summary>
    public static int Tables(int size) => Enumerable.Range(1, size).Count(number => number % 10 is 1 or 7);

    // By the moment; by a counter, with zeros where a tool compares texts; by the day at first and by the moment later.
    private static Func<int, string> Prefix(string format, int size) =>
        size switch
        {
            20 when format is "flyway" => number =>
                string.Create(CultureInfo.InvariantCulture, $"{number / 10}.{number % 10}"),
            20 => number => number <= 5 ? Moment(number)[..8] : Moment(number),
            100 when format is "prisma" or "dbmate" or "efcore" => number => $"{number:0000}",
            100 => number => $"{number}",
            _ => Moment,
        };

    private static string Moment(int number) =>
        Start.AddMinutes(number * 1637).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    private static (int Number, string Name, string Up, string Down, bool Transaction) One(string format, int number)
    {
        var table = $"t{(number + 9) / 10}";
        var isAlone = number % 10 == 6 && number <= 200;
        var (name, up, down) = (number % 10) switch
        {
            1 => ($"create {table} copy", Windows(Create(table)), Windows($"DROP TABLE {table};\n")),
            2 => ("add-column", Do(table), $"ALTER TABLE {table} DROP COLUMN extra;"),
            3 => ("Function", Function(table), $"DROP FUNCTION touch_{table}() CASCADE;"),
            4 => ("enum", Enum(table), $"ALTER TABLE {table} DROP COLUMN mood;\nDROP TYPE mood_{table};"),
            5 => ("seed", Mark(format) + Seed(table), $"DELETE FROM {table};"),
            6 when isAlone => (
                "index_concurrently",
                $"CREATE INDEX CONCURRENTLY {table}_name ON {table} (name);",
                $"DROP INDEX CONCURRENTLY {table}_name;"
            ),
            6 => ("index", $"CREATE INDEX {table}_name ON {table} (name);", $"DROP INDEX {table}_name;"),
            7 => ("größen", Unicode(table), $"DROP TABLE \"Größe {table}\";"),
            8 => (new string('n', 100), format is "dbmate" ? "-- nothing to do" : "", "-- nothing to undo"),
            9 => ("view", View(format, table), $"DROP VIEW {table}_view;\nDROP FUNCTION {table}_count();"),
            _ => ("rows", Rows(table, number == 10 ? 1_000_000 : 200), $"DELETE FROM {table} WHERE id > 1000;"),
        };
        return (number, format is "flyway" ? name.Replace(' ', '_') : name, up, down, !isAlone);
    }

    private static string Create(string table) =>
        $"""
            -- CreateTable; what follows a ';' in a comment is no statement
            /* nested /* comments */ ; */
            CREATE TABLE {table} (
                id bigint PRIMARY KEY,
                name text NOT NULL DEFAULT 'a;b', -- it's a default
                at timestamptz NOT NULL DEFAULT now()
            );

            CREATE UNIQUE INDEX {table}_key ON {table} (name, id);
            COMMENT ON TABLE {table} IS E'it\'s; \\ here';

            """;

    private static string Do(string table) =>
        $"""
            DO $do$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = 'extra') THEN
                    EXECUTE 'ALTER TABLE {table} ADD COLUMN extra text DEFAULT ''x;y''';
                END IF;
            END
            $do$;
            """;

    private static string Function(string table) =>
        $"""
            CREATE FUNCTION touch_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE q text := $q$;'$q$;
            BEGIN
                NEW.at := now(); -- $tag$
                RETURN NEW;
            END;
            $$;
            CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION touch_{table}();
            """;

    private static string Enum(string table) =>
        $"""
            CREATE TYPE mood_{table} AS ENUM ('so;so', 'good');
            ALTER TABLE {table} ADD COLUMN mood mood_{table};
            ALTER TYPE mood_{table} ADD VALUE IF NOT EXISTS 'better' AFTER 'good';
            """;

    private static string Seed(string table) =>
        $"""
            INSERT INTO {table} (id, name) VALUES (1, 'O''Brien; DROP TABLE x'), (2, E'tab\there'), (3, U&'\0441;'), (4, 'Ünïcödé 🙂');
            UPDATE {table} SET name = name || ';' WHERE id IN (SELECT id FROM {table} WHERE id < 3);
            """;

    private static string Unicode(string table) =>
        $"""
            CREATE TABLE "Größe {table}" ("naïve; id" int PRIMARY KEY, "日本語" text, größe int REFERENCES "Größe {table}");
            COMMENT ON COLUMN "Größe {table}"."日本語" IS '; 🙂';
            """;

    // The transaction that an author writes himself would end dbmate's and EF Core's own.
    private static string View(string format, string table)
    {
        var sql = $"""
            CREATE VIEW {table}_view AS SELECT id, CASE WHEN id > 1 THEN ';' ELSE 'x' END AS mark FROM {table};
            CREATE FUNCTION {table}_count() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM {table}; END;
            """;
        return format is "dbmate" or "efcore" ? sql : $"BEGIN;\n{sql}\nCOMMIT;";
    }

    private static string Rows(string table, int length)
    {
        var sql = new StringBuilder();
        for (var id = 1001; sql.Length < length; id++)
        {
            sql.Append(
                CultureInfo.InvariantCulture,
                $"INSERT INTO {table} (id, name) VALUES ({id}, '{new string('x', 2000)}');\n"
            );
        }

        return sql.ToString();
    }

    // Of all tools, Flyway alone bears it.
    private static string Mark(string format) => format is "flyway" ? "\uFEFF" : "";

    private static string Windows(string sql) => sql.ReplaceLineEndings("\r\n");
}
