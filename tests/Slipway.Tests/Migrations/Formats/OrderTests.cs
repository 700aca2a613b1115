using System.Globalization;
using System.Numerics;
using CsCheck;
using Slipway.Migrations;
using Slipway.Migrations.Dbmate;
using Slipway.Migrations.Flyway;

namespace Slipway.Tests.Migrations.Formats;

public sealed class OrderTests
{
    private static readonly Gen<string> Digits = Gen.String[Gen.Char['0', '9'], 1, 24];
    private static readonly Gen<string> Word = Gen.String[Gen.OneOfConst([.. "ab_c"]), 1, 8];
    private static readonly Gen<string> Version = Digits.Array[1, 4].Select(parts => string.Join('.', parts));

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Select(Digits, Word, (number, word) => $"{number}_{word}"),
        Gen.Select(Version, Word, (version, word) => $"V{version}__{word}"),
        Word.Select(word => $"R__{word}"),
        Word
    );

    [Fact]
    public void Every_format_orders_any_names_the_same_from_both_sides_and_in_chains() =>
        Gen.Select(Name, Name, Name)
            .Sample(
                (a, b, c) =>
                {
                    foreach (var format in MigrationFormats.All)
                    {
                        Assert.Equal(Math.Sign(format.Compare(a, b)), -Math.Sign(format.Compare(b, a)));
                        Assert.True(format.Compare(a, b) > 0 || format.Compare(b, c) > 0 || format.Compare(a, c) <= 0);
                    }
                }
            );

    [Fact]
    public void Numbers_are_compared_as_numbers_however_long() =>
        Gen.Select(Digits, Digits)
            .Sample(
                (one, other) =>
                    Assert.Equal(
                        Number(one).CompareTo(Number(other)),
                        Math.Sign(NumericPrefix.CompareDigits(one, other))
                    )
            );

    [Fact]
    public void Versions_with_the_same_key_are_equal_and_others_are_not() =>
        Gen.Select(Version, Version)
            .Sample(
                (one, other) =>
                    Assert.Equal(
                        FlywayName.KeyOf(one) == FlywayName.KeyOf(other),
                        FlywayName.CompareVersions(one, other) == 0
                    )
            );

    [Fact]
    public void Flyways_sum_does_not_depend_on_line_ends() =>
        Gen.String[Gen.OneOfConst([.. "aß1; "]), 0, 12]
            .Array[1, 6]
            .Sample(lines =>
                Assert.Equal(FlywayChecksum.Of(string.Join('\n', lines)), FlywayChecksum.Of(string.Join("\r\n", lines)))
            );

    [Fact]
    public void A_file_of_dbmate_is_cut_where_its_lines_say() =>
        Gen.Select(Word.Array[0, 5], Word.Array[0, 5])
            .Sample(
                (ups, downs) =>
                {
                    var text =
                        $"-- migrate:up\n{string.Join('\n', ups)}\n-- migrate:down\n{string.Join('\n', downs)}\n";

                    var read = DbmateFile.Read("1_x.sql", text);

                    Assert.Empty(read.Problems);
                    Assert.Equal(ups, Lines(read.Sql));
                    Assert.Equal(downs, Lines(read.DownSql!));
                    Assert.Equal(text.Count(c => c == '\n'), read.DownSql!.Count(c => c == '\n'));
                }
            );

    [Fact]
    public void No_text_makes_dbmates_parser_fail() =>
        Gen.String[Gen.OneOfConst([.. "-- migrate:updown\n;x"]), 0, 80]
            .Sample(text => Assert.NotNull(DbmateFile.Read("1_x.sql", text).Sql));

    private static BigInteger Number(string digits) => BigInteger.Parse(digits, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Lines(string sql) =>
        sql.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal));
}
