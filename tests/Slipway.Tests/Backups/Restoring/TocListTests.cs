using System.Text;
using CsCheck;
using Slipway.Backups;
using Slipway.Backups.Restoring;

namespace Slipway.Tests.Backups.Restoring;

public sealed class TocListTests
{
    private static readonly string[] OfCatalog =
    [
        "TABLE",
        "INDEX",
        "VIEW",
        "SEQUENCE",
        "MATERIALIZED VIEW",
        "FOREIGN TABLE",
    ];
    private static readonly string[] Others =
    [
        "TABLE DATA",
        "SEQUENCE SET",
        "INDEX ATTACH",
        "MATERIALIZED VIEW DATA",
        "SEQUENCE OWNED BY",
        "COMMENT",
        "ACL",
        "SOMETHING",
    ];

    private static readonly Gen<string> Name = Gen.OneOf(
            Gen.String[1, 12],
            Gen.OneOfConst(
                "DATA",
                "a b",
                "we\"ird",
                "new\nline",
                "tab\tle",
                "ä ö",
                "🚢",
                "SET x",
                ";",
                "1; 2 3 TABLE",
                "\r\n"
            )
        )
        .Where(name => !name.Contains('\0') && name.EnumerateRunes().All(rune => rune != Rune.ReplacementChar));

    private static readonly Gen<(string Kind, int Catalog)> Kind = Gen.OneOf(
        Gen.OneOfConst(OfCatalog).Select(kind => (kind, 1259)),
        Gen.OneOfConst(Others).Select(kind => (kind, 0))
    );

    [Fact]
    public void Every_entry_comes_back_whatever_it_is_called()
    {
        Gen.Select(Kind, Name, Name, Name, Gen.Int[1, int.MaxValue], Gen.Int[0, 9].Array[0, 4])
            .Array[1, 5]
            .Sample(entries =>
            {
                var text = new StringBuilder(";\n; Archive created\n;\n");
                foreach (var (kind, schema, name, owner, id, needs) in entries)
                {
                    text.Append(
                        null,
                        $"{id}; {kind.Catalog} 16384 {kind.Kind} {Shown(schema)} {Shown(name)} {Shown(owner)}\n"
                    );
                    text.Append(needs.Length == 0 ? "" : $";\tdepends on: {string.Join(' ', needs)}\n");
                }

                var read = TocList.Parse(text.ToString());

                Assert.Equal(
                    entries.Select(entry => (entry.Item5, entry.Item1.Kind)),
                    read.Select(entry => (entry.Id, entry.Kind))
                );
                Assert.Equal(
                    entries.Select(entry => entry.Item6.Distinct().ToArray()),
                    read.Select(entry => entry.DependsOn.ToArray())
                );
                Assert.All(
                    entries.Zip(read),
                    pair => Assert.True(pair.Second.CanBe(pair.First.Item2, pair.First.Item3), pair.Second.Name)
                );
            });
    }

    [Theory]
    [InlineData("public.notes", "public", "notes")]
    [InlineData("public.we ird", "public", "we ird")]
    [InlineData("\"a.b\".\"c\"\"d\"", "a.b", "c\"d")]
    [InlineData("ä.\"🚢\"", "ä", "🚢")]
    public void A_table_is_named_as_people_write_it(string text, string schema, string name) =>
        Assert.Equal(new TableName(schema, name), TableName.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("notes")]
    [InlineData("a.b.c")]
    [InlineData("\"a.b")]
    [InlineData("a.\"b\"c")]
    [InlineData("a.\"\"")]
    [InlineData(".b")]
    [InlineData("a.")]
    public void What_names_no_table_is_refused(string text) =>
        Assert.Throws<Slipway.Settings.SlipwayException>(() => TableName.Parse(text));

    [Fact]
    public void Whatever_is_quoted_is_read_again() =>
        Gen.Select(Name, Name)
            .Sample(names =>
                Assert.Equal(
                    new(names.Item1, names.Item2),
                    TableName.Parse($"{new TableName(names.Item1, names.Item2)}")
                )
            );

    private static string Shown(string name) => name.Replace('\n', ' ').Replace('\r', ' ');
}
