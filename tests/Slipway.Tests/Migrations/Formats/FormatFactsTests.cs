using Slipway.Migrations;
using Slipway.Migrations.Dbmate;
using Slipway.Migrations.EfCore;
using Slipway.Migrations.Flyway;
using Slipway.Migrations.GolangMigrate;
using Slipway.Migrations.Prisma;
using Slipway.Settings;

namespace Slipway.Tests.Migrations.Formats;

/// <summary>What is known of the tools from their own sources: keys, sums, names.</summary>
public sealed class FormatFactsTests
{
    private static readonly DatabaseUrl Url = DatabaseUrl.Parse("DATABASE_URL", "postgresql://u@h:5432/shop");
    private static readonly MigrationSettings Settings = new("x", default, default, default);

    [Fact]
    public void Takes_the_locks_that_the_tools_take()
    {
        Assert.Equal(72707369, new PrismaFormat().LockKey(Url, Settings));
        Assert.Equal(77433833903597, new FlywayFormat().LockKey(Url, Settings));
        // Python: zlib.crc32(b"public\0schema_migrations\0shop") * 1486364155 & 0xffffffff
        Assert.Equal(3689236698, new GolangMigrateFormat().LockKey(Url, Settings));
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926)]
    public void Sums_as_IEEE_does(string text, uint sum) =>
        Assert.Equal(sum, Crc32.Of(System.Text.Encoding.ASCII.GetBytes(text)));

    [Theory]
    // zlib.crc32 of the lines without their ends, as a signed number
    [InlineData("123456789", "-873187034")]
    [InlineData("1234\n56789\n", "-873187034")]
    [InlineData("1234\r\n56789", "-873187034")]
    [InlineData("\uFEFF1234\r56789\r", "-873187034")]
    [InlineData("", "0")]
    public void Sums_a_file_as_Flyway_does(string text, string sum) => Assert.Equal(sum, FlywayChecksum.Of(text));

    [Theory]
    [InlineData("V1__a b", 'V', "1", "a b")]
    [InlineData("V1_2.3__add_notes", 'V', "1.2.3", "add notes")]
    [InlineData("R__views", 'R', "", "views")]
    [InlineData("U007__x", 'U', "007", "x")]
    public void Reads_Flyways_names(string name, char kind, string version, string description) =>
        Assert.Equal(new FlywayName(kind, version, description), FlywayName.Parse(name));

    [Theory]
    [InlineData("V1_a")]
    [InlineData("1__a")]
    [InlineData("Va__b")]
    [InlineData("V1__")]
    public void Takes_other_names_for_none_of_Flyways(string name) => Assert.Null(FlywayName.Parse(name));

    [Theory]
    [InlineData("1", "1.0", 0)]
    [InlineData("01", "1", 0)]
    [InlineData("1.2", "1.10", -1)]
    [InlineData("2", "1.99", 1)]
    [InlineData("20260101000000", "99999999999999999999", -1)]
    public void Compares_Flyways_versions_by_their_numbers(string one, string other, int order) =>
        Assert.Equal(order, Math.Sign(FlywayName.CompareVersions(one, other)));

    [Theory]
    [InlineData("SELECT 1;", "no line '-- migrate:up'")]
    [InlineData("\uFEFF-- migrate:up\nSELECT 1;\n-- migrate:down", "byte order mark")]
    [InlineData("-- migrate:up\nSELECT 1;", "no line '-- migrate:down'")]
    [InlineData("-- migrate:down\n-- migrate:up\nSELECT 1;", "stands before")]
    [InlineData("-- migrate:up\nSELECT 1;\n-- migrate:up\nSELECT 2;\n-- migrate:down", "a block twice")]
    [InlineData("SELECT 0;\n-- migrate:up\nSELECT 1;\n-- migrate:down", "statements before")]
    public void Refuses_what_dbmate_refuses_or_runs_wrongly(string text, string problem) =>
        Assert.Contains(
            MigrationScript.Of(DbmateFile.Read("1_x.sql", text)).Problems,
            found => found.Contains(problem, StringComparison.Ordinal)
        );

    [Fact]
    public void Cuts_a_file_of_dbmate_and_keeps_its_lines()
    {
        const string Text =
            "-- slipway: expand\n--migrate:up transaction:false\nSELECT 1;\n\n-- migrate:down\nSELECT\n  2;\n";

        var migration = DbmateFile.Read("007_x.sql", Text);

        Assert.Empty(migration.Problems);
        Assert.Equal(("007_x", "007"), (migration.Name, migration.Version));
        Assert.Equal((true, false), (migration.RefusesTransaction, migration.DownRefusesTransaction));
        Assert.Equal(SchemaVerdict.Expand, MigrationVerdict.Of(migration));
        Assert.Equal(
            [("SELECT 1", 3)],
            MigrationScript.Of(migration).Statements.Select(statement => (statement.Text, statement.Line))
        );
        var down = new MigrationWork(migration, MigrationDirection.Down).Script.Statements;
        Assert.Equal([("SELECT\n  2", 6)], down.Select(statement => (statement.Text, statement.Line)));
    }

    [Fact]
    public void Refuses_a_script_of_EF_Core_that_goes_backwards()
    {
        var files = new MigrationFiles(Directory.GetCurrentDirectory());

        var read = EfCoreScript.Read(
            "down.sql",
            "DROP TABLE a;\nDELETE FROM \"__EFMigrationsHistory\"\nWHERE \"MigrationId\" = '1';",
            files
        );

        Assert.Empty(read);
        var error = Assert.Throws<SlipwayException>(files.Refuse);
        Assert.Contains("down.sql goes backwards (line 2)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_which_format_it_is_when_it_cannot_tell()
    {
        using var project = new FormatProject("plain");
        project.Add(1, "a", "SELECT 1;");
        File.WriteAllText(Path.Combine(project.Folder, "V2__b.sql"), "SELECT 2;");

        var error = Assert.Throws<SlipwayException>(project.Read);

        Assert.Contains("of several formats at once: flyway, plain", error.Message, StringComparison.Ordinal);
        Assert.Contains("migrations.format", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_two_files_with_one_version()
    {
        using var project = new FormatProject("dbmate");
        project.Add(1, "a", "SELECT 1;");
        project.Add(1, "b", "SELECT 1;");

        Assert.Contains(
            "01_a.sql and 01_b.sql have the same version 01",
            Assert.Throws<SlipwayException>(project.Read).Message,
            StringComparison.Ordinal
        );
    }
}
