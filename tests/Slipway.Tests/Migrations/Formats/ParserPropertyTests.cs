using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Slipway.Migrations;
using Slipway.Migrations.EfCore;
using Slipway.Migrations.Flyway;
using Slipway.Migrations.GolangMigrate;
using Slipway.Migrations.Prisma;

namespace Slipway.Tests.Migrations.Formats;

/// <summary>What every parser and every sum keeps to, whatever it is given.</summary>
public sealed class ParserPropertyTests
{
    private static readonly Gen<string> Word = Gen.String[Gen.OneOfConst([.. "abcß"]), 1, 8];
    private static readonly Gen<string> Line = Gen.String[Gen.OneOfConst([.. "aß1; '\t"]), 0, 12];
    private static readonly Gen<string[]> Lines = Line.Array[0, 8];

    private static readonly Gen<string> Statement = Gen.OneOfConst(
        "CREATE TABLE a (x text DEFAULT ';')",
        "INSERT INTO a VALUES ('it''s; COMMIT;')",
        "DO $$ BEGIN PERFORM 1; END $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
        "ALTER TABLE a\n  ADD y int"
    );

    [Fact]
    public void The_sum_of_any_bytes_is_that_of_zlib() =>
        Gen.Byte.Array[0, 300].Sample(bytes => Assert.Equal(Zlib(bytes), Crc32.Of(bytes)));

    [Fact]
    public void Flyways_sum_is_that_of_zlib_over_the_lines_alone() =>
        Gen.Select(Lines, Gen.OneOfConst("\n", "\r\n", "\r"), Gen.Bool)
            .Sample(
                (lines, end, isMarked) =>
                {
                    var text = (isMarked ? "\uFEFF" : "") + string.Concat(lines.Select(line => line + end));

                    var sum = unchecked((int)Zlib(Encoding.UTF8.GetBytes(string.Concat(lines))));
                    Assert.Equal(sum.ToString(CultureInfo.InvariantCulture), FlywayChecksum.Of(text));
                }
            );

    [Fact]
    public void Prismas_sum_is_that_of_the_file_with_either_line_end_and_of_no_other() =>
        Gen.Select(Lines, Gen.Bool, Gen.Bool)
            .Sample(
                (lines, isWindowsThen, isWindowsNow) =>
                {
                    var recorded = PrismaChecksum.Of(string.Join(isWindowsThen ? "\r\n" : "\n", lines));
                    var now = string.Join(isWindowsNow ? "\r\n" : "\n", lines);

                    Assert.True(PrismaChecksum.Matches(recorded, now));
                    Assert.False(PrismaChecksum.Matches(recorded, now + "x"));
                }
            );

    [Fact]
    public void Prismas_sum_without_leading_zeros_is_still_known() =>
        Line.Sample(text =>
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
            var old = string.Concat(hash.Select(b => b.ToString("x", CultureInfo.InvariantCulture)));

            Assert.True(PrismaChecksum.Matches(old, text));
        });

    [Fact]
    public void A_name_is_its_number_and_the_rest() =>
        Gen.String[Gen.OneOfConst([.. "0129_a٣"]), 0, 20]
            .Sample(name =>
            {
                var digits = NumericPrefix.Of(name);

                Assert.True(digits.All(char.IsAsciiDigit));
                Assert.StartsWith(digits, name, StringComparison.Ordinal);
                Assert.False(name.Length > digits.Length && char.IsAsciiDigit(name[digits.Length]));
            });

    [Fact]
    public void Flyways_names_are_read_as_they_were_made() =>
        Gen.Select(Gen.OneOfConst('V', 'U', 'B'), Gen.UInt.Array[1, 4], Gen.OneOfConst(".", "_"), Word.Array[1, 3])
            .Sample(
                (kind, parts, dot, words) =>
                {
                    var read = FlywayName.Parse($"{kind}{string.Join(dot, parts)}__{string.Join('_', words)}");

                    Assert.Equal(new(kind, string.Join('.', parts), string.Join(' ', words)), read);
                }
            );

    [Fact]
    public void No_name_makes_Flyways_parser_fail() =>
        Gen.String[Gen.OneOfConst([.. "VURB0129._a "]), 0, 24]
            .Sample(name =>
            {
                if (FlywayName.Parse(name) is { } read)
                {
                    Assert.Equal(read.Kind is 'R', read.Version.Length == 0);
                    Assert.Equal(0, FlywayName.CompareVersions(read.Version, FlywayName.KeyOf(read.Version)));
                }
            });

    [Fact]
    public void Golang_migrates_files_are_paired_by_number_and_in_its_order() =>
        Gen.Select(Gen.ULong[0, long.MaxValue], Gen.Int[0, 1], Word, Gen.Bool)
            .Array[1, 6]
            .Where(files => files.DistinctBy(file => file.Item1).Count() == files.Length)
            .Sample(
                files =>
                {
                    using var project = new FormatProject("golang-migrate");
                    Array.ForEach(files, file => Write(project, file));

                    var read = new GolangMigrateFormat()
                        .Read(new(project.Folder))
                        .OrderBy(
                            migration => migration.Name,
                            Comparer<string>.Create(new GolangMigrateFormat().Compare)
                        )
                        .ToList();

                    var expected = files.OrderBy(file => file.Item1).ToList();
                    Assert.Equal(expected.Select(file => $"up {file.Item1}"), read.Select(migration => migration.Sql));
                    Assert.Equal(
                        expected.Select(file => file.Item4 ? $"down {file.Item1}" : null),
                        read.Select(migration => migration.DownSql)
                    );
                    Assert.Equal(
                        expected.Select(file => new BigInteger(file.Item1)),
                        read.Select(migration => BigInteger.Parse(migration.Version, CultureInfo.InvariantCulture))
                    );
                    Assert.Equal(
                        read.Select(migration => migration.Version).SkipLast(1).Prepend(null),
                        read.Select(migration => migration.Stamp)
                    );
                },
                iter: 60
            );

    [Fact]
    public void A_script_of_EF_Core_is_cut_where_its_rows_are_written() =>
        Gen.Select(Gen.Select(Word, Statement.Array[0, 4]).Array[1, 5], Gen.Bool, Gen.Bool)
            .Sample(
                (migrations, isMarked, isWindows) =>
                {
                    var unix = (isMarked ? "\uFEFF" : "") + Script(migrations);
                    var text = isWindows ? unix.ReplaceLineEndings("\r\n") : unix;
                    var files = new MigrationFiles(Directory.GetCurrentDirectory());
                    var read = EfCoreScript.Read("script.sql", text, files);

                    files.Refuse();
                    Assert.Equal(
                        migrations.Select((one, number) => ($"{number}_{one.Item1}", $"10.0.{number}")),
                        read.Select(migration => (migration.Name, migration.Stamp!))
                    );
                    var cut = read.Select(migration => SqlSplitter.Split(migration.Sql).Statements).ToList();
                    Assert.Equal(
                        migrations.SelectMany(one => one.Item2),
                        cut.SelectMany(statements => statements).Select(one => one.Text.ReplaceLineEndings("\n"))
                    );
                    // Every statement says its line in the file.
                    var lines = text.Split('\n');
                    Assert.All(
                        cut.SelectMany(statements => statements),
                        one =>
                            Assert.StartsWith(
                                lines[one.Line - 1].TrimEnd('\r', ';'),
                                one.Text,
                                StringComparison.Ordinal
                            )
                    );
                }
            );

    [Fact]
    public void No_text_makes_EF_Cores_parser_or_the_reading_of_a_script_fail() =>
        Gen.OneOfConst(
                "INSERT INTO \"__EFMigrationsHistory\" ",
                "VALUES ('",
                "', '",
                "');",
                "COMMIT",
                "BEGIN",
                ";",
                "'",
                "$$",
                "\n",
                "--",
                "/*"
            )
            .Array[0, 20]
            .Sample(parts =>
            {
                var text = string.Concat(parts);

                Assert.NotNull(EfCoreScript.Read("x.sql", text, new(Directory.GetCurrentDirectory())));
                Assert.NotNull(MigrationScript.Of(text, refusesTransaction: false).Problems);
            });

    private static void Write(FormatProject project, (ulong Number, int Zeros, string Word, bool HasDown) file)
    {
        var path = Path.Combine(project.Folder, $"{new string('0', file.Zeros)}{file.Number}_{file.Word}");
        File.WriteAllText($"{path}.up.sql", $"up {file.Number}");
        File.WriteAllText(file.HasDown ? $"{path}.down.sql" : $"{path}.txt", $"down {file.Number}");
    }

    private static string Script((string Name, string[] Statements)[] migrations)
    {
        var script = new StringBuilder(
            "CREATE TABLE IF NOT EXISTS \"__EFMigrationsHistory\" (\"MigrationId\" text);\n\n"
        );
        foreach (var ((name, statements), number) in migrations.Select((one, number) => (one, number)))
        {
            script.Append("START TRANSACTION;\n\n").AppendJoin("", statements.Select(sql => $"{sql};\n\n"));
            script.Append(
                CultureInfo.InvariantCulture,
                $"INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\")\nVALUES ('{number}_{name}', '10.0.{number}');\n\nCOMMIT;\n\n"
            );
        }

        return script.ToString();
    }

    // What gzip writes behind its data: the sum of what was packed, and its length.
    private static uint Zlib(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return bytes.Length == 0 ? 0 : BitConverter.ToUInt32(packed.ToArray().AsSpan(^8..^4));
    }
}
