namespace Slipway.Backups.CustomFormat;

/// <summary>Counts the rows that a dump holds while it is written, which spares the server from reading them a second time.</summary>
/// <remarks>COPY writes a row as a line, and a line break in a value as two letters.</remarks>
internal sealed class DumpRows : IDumpVisitor
{
    // pg_dump ends the rows of a table with these lines.
    private static readonly byte[] End = @"\."u8.ToArray().Concat("\n\n\n"u8.ToArray()).ToArray();
    private const int EndLines = 3;

    private readonly DumpParser _parser;
    private readonly Dictionary<TableName, long> _rows = [];
    private readonly byte[] _last = new byte[End.Length];
    private DumpHead? _head;
    private TableName? _table;
    private long _lines;

    public DumpRows() => _parser = new(this);

    /// <summary>Takes the next bytes of the dump.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => _parser.Add(bytes);

    /// <summary>Rows of a table; null when the dump has none of it, or cannot be read.</summary>
    public long? Of(TableName table) => _rows.TryGetValue(table, out var rows) ? rows : null;

    void IDumpVisitor.Head(DumpHead head) => _head = head;

    void IDumpVisitor.Other(int? holder, ReadOnlySpan<byte> bytes) { }

    void IDumpVisitor.BeginRows(int holder)
    {
        _table = _head!.Tables.GetValueOrDefault(holder);
        _lines = 0;
        _last.AsSpan().Clear();
    }

    void IDumpVisitor.Rows(ReadOnlySpan<byte> bytes)
    {
        _lines += bytes.Count((byte)'\n');
        if (bytes.Length >= _last.Length)
        {
            bytes[^_last.Length..].CopyTo(_last);
            return;
        }

        _last.AsSpan(bytes.Length).CopyTo(_last);
        bytes.CopyTo(_last.AsSpan(_last.Length - bytes.Length));
    }

    void IDumpVisitor.End(int holder, bool isRows)
    {
        if (isRows && _table is not null && _last.AsSpan().SequenceEqual(End))
        {
            _rows[_table] = _lines - EndLines;
        }
    }

    // What was counted before stays good.
    void IDumpVisitor.Unknown() => _table = null;
}
