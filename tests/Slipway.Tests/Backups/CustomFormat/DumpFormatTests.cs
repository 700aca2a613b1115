using System.Runtime.CompilerServices;
using CsCheck;
using Slipway.Backups;
using Slipway.Backups.CustomFormat;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.CustomFormat;

/// <summary>Archives of real pg_dump, taken apart wherever their bytes are cut.</summary>
[Trait("Needs", "Server")]
public sealed class DumpFormatTests(PostgresCluster cluster) : IDisposable
{
    // What the archive of pg_dump 17 beside this file was made of, too.
    private const string Schema = """
        CREATE SCHEMA "a b.c";
        CREATE TABLE "a b.c"."we""ird" AS SELECT n AS id, E'line\nline\\.\n' || n AS text FROM generate_series(1, 7) n;
        CREATE TABLE empty (x int);
        CREATE TABLE notes AS SELECT n AS id, 'note ' || n AS text FROM generate_series(1, 300) n;
        CREATE TABLE bare ();
        INSERT INTO bare DEFAULT VALUES; INSERT INTO bare DEFAULT VALUES;
        SELECT lo_from_bytea(0, decode(repeat('010a5c2e0a', 1000), 'hex')); SELECT lo_from_bytea(0, 'x');
        CREATE TABLE last (id int); INSERT INTO last VALUES (1);
        CREATE INDEX ON notes (id)
        """;

    private static readonly (TableName Table, long Rows)[] Rows =
    [
        (new("a b.c", "we\"ird"), 7),
        (new("public", "empty"), 0),
        (new("public", "notes"), 300),
        (new("public", "bare"), 2),
        (new("public", "last"), 1),
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_counted_wherever_the_bytes_are_cut()
    {
        foreach (var dump in new[] { await DumpAsync(), Newer() })
        {
            Cuts.Sample(
                cuts =>
                {
                    var rows = new DumpRows();
                    Feed(dump, cuts, bytes => rows.Add(bytes.Span));
                    return Rows.All(expected => rows.Of(expected.Table) == expected.Rows);
                },
                iter: 100
            );
        }
    }

    [Fact]
    public async Task What_is_wanted_comes_through_as_it_was_wherever_the_bytes_are_cut()
    {
        var dump = await DumpAsync();
        var whole = await ScriptAsync(dump, null);
        foreach (var wanted in new[] { Ids(dump, "last"), Ids(dump, "notes", "bare"), Objects(dump), All(dump) })
        {
            var expected = await ScriptAsync(dump, wanted);
            await Cuts.SampleAsync(
                async cuts =>
                {
                    var (filtered, isDone) = Filter(dump, wanted, cuts);
                    Assert.True(isDone);
                    Assert.Equal(expected, await ScriptAsync(filtered, wanted));
                },
                iter: 10
            );
        }

        Assert.Equal(whole, await ScriptAsync(Filter(dump, All(dump), [1000]).Bytes, null));
    }

    [Fact]
    public async Task What_is_not_wanted_stays_out_and_rows_go_on_in_large_pieces()
    {
        var dump = await DumpAsync();

        var (one, _) = Filter(dump, Ids(dump, "last"), [dump.Length]);
        var (notes, _) = Filter(dump, Ids(dump, "notes"), [dump.Length]);

        Assert.Equal(-1, one.AsSpan().IndexOf("note 299"u8));
        Assert.NotEqual(-1, notes.AsSpan().IndexOf("298\tnote 298\n299\tnote 299\n"u8));
        Assert.Equal(-1, dump.AsSpan().IndexOf("298\tnote 298\n299\tnote 299\n"u8));
    }

    [Fact]
    public void The_archive_of_a_newer_program_is_read_too()
    {
        var dump = Newer();

        var (filtered, isDone) = Filter(dump, All(dump), [100]);
        var rows = new DumpRows();
        rows.Add(filtered);

        Assert.True(isDone);
        Assert.All(Rows, expected => Assert.Equal(expected.Rows, rows.Of(expected.Table)));
    }

    [Fact]
    public async Task What_nobody_knows_goes_by_unchanged()
    {
        var dump = await DumpAsync();
        byte[] newer = [.. dump[..6], 99, .. dump[7..]];
        foreach (var unknown in new[] { newer, "-- SQL, as it happens\n"u8.ToArray(), [0], [.. "PGDMP"u8] })
        {
            var rows = new DumpRows();
            rows.Add(unknown);

            var (filtered, isDone) = Filter(unknown, new HashSet<int>(), [7]);

            Assert.Null(rows.Of(new("public", "notes")));
            Assert.False(isDone);
            // A head that is not at its end yet is kept back, and an archive that ends in it is none.
            Assert.Equal(unknown.Length > 10 ? unknown : [], filtered);
        }
    }

    [Fact]
    public async Task Whatever_byte_is_changed_it_ends_and_makes_no_more_of_it_than_there_was()
    {
        var dump = await DumpAsync();
        Gen.Select(Gen.Int[0, dump.Length - 1], Gen.Byte, Cuts)
            .Sample(
                change =>
                {
                    var broken = dump.ToArray();
                    broken[change.Item1] = change.Item2;
                    var rows = new DumpRows();
                    Feed(broken, change.Item3, bytes => rows.Add(bytes.Span));
                    return Filter(broken, All(dump), change.Item3).Bytes.Length <= 6 * dump.Length;
                },
                iter: 300
            );
    }

    public void Dispose() => _folder.Dispose();

    private static readonly Gen<int[]> Cuts = Gen.OneOf(Gen.Int[1, 20].Array[1], Gen.Int[1, 5000].Array[1, 10]);

    private static (byte[] Bytes, bool IsDone) Filter(byte[] dump, IReadOnlySet<int> wanted, int[] cuts)
    {
        var filter = new DumpFilter(wanted);
        var output = new MemoryStream();
        Feed(dump, cuts, bytes => output.Write(filter.Take(bytes.Span).Span));
        return (output.ToArray(), filter.IsDone);
    }

    private static void Feed(byte[] dump, int[] cuts, Action<ReadOnlyMemory<byte>> feed)
    {
        for (var (at, cut) = (0, 0); at < dump.Length; cut++)
        {
            var taken = Math.Min(cuts[cut % cuts.Length], dump.Length - at);
            feed(dump.AsMemory(at, taken));
            at += taken;
        }
    }

    private static IReadOnlySet<int> All(byte[] dump) => DumpHead.Read(dump)!.Holders;

    private static HashSet<int> Ids(byte[] dump, params string[] tables) =>
        DumpHead
            .Read(dump)!
            .Tables.Where(entry => tables.Contains(entry.Value.Name))
            .Select(entry => entry.Key)
            .ToHashSet();

    private static HashSet<int> Objects(byte[] dump)
    {
        var head = DumpHead.Read(dump)!;
        return head.Holders.Where(id => !head.Tables.ContainsKey(id)).ToHashSet();
    }

    private static byte[] Newer([CallerFilePath] string here = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "pg_dump-17.dump"));

    private async Task<byte[]> DumpAsync()
    {
        var url = await TestDatabase.CreateAsync(cluster, Token);
        await TestDatabase.ExecuteAsync(url, Schema, Token);
        var file = _folder["dump"];
        // Through a pipe, as backups are: where it can, pg_dump goes back and writes into the head where the data is.
        await Tool.RunAsync("sh", "-c", $"pg_dump -Fc -Z0 -d '{Connection(url)}' | cat > {file}");
        return await File.ReadAllBytesAsync(file, Token);
    }

    private static string Connection(DatabaseUrl url) =>
        $"host={url.Host} port={url.Port} user={url.User} dbname={url.Database}";

    // What pg_restore makes of an archive that it cannot seek in.
    private async Task<string> ScriptAsync(byte[] dump, IReadOnlySet<int>? wanted)
    {
        var (file, list) = (_folder[$"{Guid.NewGuid():N}.dump"], _folder[$"{Guid.NewGuid():N}.list"]);
        await File.WriteAllBytesAsync(file, dump, Token);
        await File.WriteAllLinesAsync(list, (wanted ?? new HashSet<int>()).Select(id => $"{id};"), Token);
        var use = wanted is null ? "" : $"-L {list}";
        // The first and last line have a word that is new each time.
        return await Tool.RunAsync("sh", "-c", $"cat {file} | pg_restore {use} -f - | grep -v 'restrict '");
    }
}
