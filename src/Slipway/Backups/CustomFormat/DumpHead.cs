namespace Slipway.Backups.CustomFormat;

/// <summary>The beginning of an archive of pg_dump's custom format, up to its first rows.</summary>
/// <remarks>
/// As <c>ReadHead</c> and <c>ReadToc</c> of PostgreSQL's <c>pg_backup_archiver.c</c> read it, from format 1.14 (pg_dump 12 to
/// 15) to 1.16 (17 and 18).
/// </remarks>
/// <param name="Length">Its bytes.</param>
/// <param name="Holders">Numbers of the entries that have data in the archive.</param>
/// <param name="Tables">Which of them hold rows of which table.</param>
internal sealed record DumpHead(int Length, IReadOnlySet<int> Holders, IReadOnlyDictionary<int, TableName> Tables)
{
    private const int Oldest = 14;
    private const int Newest = 16;
    private const byte Custom = 1;
    private const int NumberSize = 4;
    private static readonly byte[] Magic = "PGDMP"u8.ToArray();

    /// <summary>Reads it.</summary>
    /// <param name="bytes">The archive's first bytes.</param>
    /// <returns>Null when more of them are needed.</returns>
    /// <exception cref="InvalidDataException">It is something else, or of a version that nobody here knows.</exception>
    public static DumpHead? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new DumpHeadReader(bytes);
        var (minor, offsetSize) = Version(ref reader);
        reader.Skip(minor >= 15 ? 1 : 1 + NumberSize);
        // When it was made: seven numbers; then the database, and the versions of server and program.
        reader.Skip(7 * (1 + NumberSize));
        reader.SkipTexts(3);
        var (holders, tables) = (new HashSet<int>(), new Dictionary<int, TableName>());
        for (var left = reader.Number(); left > 0 && !reader.IsShort; left--)
        {
            Entry(ref reader, minor, offsetSize, holders, tables);
        }

        return reader.IsShort ? null : new(reader.At, holders, tables);
    }

    private static (int Minor, int OffsetSize) Version(ref DumpHeadReader reader)
    {
        var magic = reader.Bytes(Magic.Length);
        var (major, minor, _) = (reader.Byte(), reader.Byte(), reader.Byte());
        var (numberSize, offsetSize, format) = (reader.Byte(), reader.Byte(), reader.Byte());
        return
            reader.IsShort
            || (
                magic.SequenceEqual(Magic)
                && (major, numberSize, format) == (1, NumberSize, Custom)
                && minor is >= Oldest and <= Newest
            )
            ? (minor, offsetSize)
            : throw new InvalidDataException($"no dump of a format from 1.{Oldest} to 1.{Newest}");
    }

    private static void Entry(
        ref DumpHeadReader reader,
        int minor,
        int offsetSize,
        HashSet<int> holders,
        Dictionary<int, TableName> tables
    )
    {
        var (id, hasData) = (reader.Number(), reader.Number() != 0);
        // Catalog and number of the object.
        reader.SkipTexts(2);
        // In the database's encoding, which is not known here: a name of other letters belongs to none that we know.
        var (name, kind) = (reader.Text(), reader.Text());
        reader.Number();
        // How it is made, dropped and filled.
        reader.SkipTexts(3);
        var schema = reader.Text();
        // Tablespace and access method.
        reader.SkipTexts(2);
        reader.Skip(minor >= 16 ? 1 + NumberSize : 0);
        // Owner, and what once told whether rows have numbers.
        reader.SkipTexts(2);
        while (reader.SkipText()) { }

        reader.Skip(1 + offsetSize);
        if (hasData && !reader.IsShort)
        {
            holders.Add(id);
            if (kind is "TABLE DATA" && schema is not null && name is not null)
            {
                tables[id] = new(schema, name);
            }
        }
    }
}
