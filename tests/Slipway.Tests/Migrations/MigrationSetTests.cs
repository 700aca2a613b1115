using Slipway.Migrations;
using Slipway.Migrations.Prisma;
using Slipway.Settings;

namespace Slipway.Tests.Migrations;

public sealed class MigrationSetTests
{
    [Fact]
    public void Reads_every_folder_in_order_of_the_names()
    {
        using var folder = new MigrationFolder(("2_b.sql", "B"), ("1_a copy", "A"), ("10_c", "C"));
        folder.Add("2_b.sql", "undo", "down.sql");
        File.WriteAllText(Path.Combine(folder.Path, "migration_lock.toml"), "# x\nprovider = \"postgresql\" # y\n");

        var set = Read(folder.Path);

        Assert.Equal(["10_c", "1_a copy", "2_b.sql"], set.Migrations.Select(migration => migration.Name));
        Assert.Equal(("B", "undo"), (set.Migrations[2].Sql, set.Migrations[2].DownSql));
    }

    [Fact]
    public void Reports_everything_that_is_no_migration_at_once()
    {
        using var folder = new MigrationFolder(("1_a", "A"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "2_b"));
        File.WriteAllText(Path.Combine(folder.Path, "migration_lock.toml"), "provider = \"mysql\"");
        folder.Add("3_c", "");
        File.WriteAllBytes(Path.Combine(folder.Path, "3_c", "migration.sql"), [0x41, 0xFF]);
        folder.Add("1_A", "A");

        var error = Assert.Throws<SlipwayException>(() => Read(folder.Path));

        Assert.Equal(ExitCode.Refused, error.ExitCode);
        Assert.Contains("2_b has no migration.sql", error.Message, StringComparison.Ordinal);
        Assert.Contains("written for mysql", error.Message, StringComparison.Ordinal);
        Assert.Contains("3_c/migration.sql is not UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Contains("1_A and 1_a differ in upper and lower case only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_folder_without_migrations()
    {
        using var folder = new MigrationFolder();

        Assert.Contains(
            "it holds no migrations",
            Assert.Throws<SlipwayException>(() => Read(folder.Path)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no such folder",
            Assert.Throws<SlipwayException>(() => Read(folder.Path + "x")).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    // sha256sum made UNIX and WINDOWS; UNPADDED is how early versions of Prisma wrote UNIX.
    [InlineData("SELECT 1;\n", "0", false)]
    [InlineData("SELECT 1;\r\n", "UNIX", true)]
    [InlineData("SELECT 1;\n", "WINDOWS", true)]
    [InlineData("SELECT 1;\n", "UNPADDED", true)]
    [InlineData("SELECT 2;\n", "UNIX", false)]
    public void Compares_checksums_as_Prisma_does(string sql, string recorded, bool matches)
    {
        recorded = recorded switch
        {
            "UNIX" => Unix,
            "WINDOWS" => Windows,
            "UNPADDED" => string.Concat(
                Unix.Chunk(2).Select(pair => new string(pair).TrimStart('0') is { Length: > 0 } hex ? hex : "0")
            ),
            _ => recorded,
        };

        Assert.Equal(matches, PrismaChecksum.Matches(recorded, sql));
    }

    private const string Unix = "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd";
    private const string Windows = "d3cd5042f97738960d802ad6b3a548dfa18152215118ba18f04493bc6944b0e4";

    [Fact]
    public void Writes_checksums_as_Prisma_does() =>
        Assert.Equal(Unix, new Migration { Name = "1", Sql = "SELECT 1;\n" }.Checksum);

    private static MigrationSet Read(string folder) => MigrationSet.Read(new(folder, default, default, default));
}
