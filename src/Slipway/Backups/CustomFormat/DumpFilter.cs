using System.Buffers;
using System.Buffers.Binary;

namespace Slipway.Backups.CustomFormat;

/// <summary>
/// Leaves out of an archive the data that one pg_restore does not want, and hands it the rows that it wants in large pieces: pg_dump
/// writes each row as a piece of its own, and pg_restore sends each piece as a message that the server has to take apart.
/// </summary>
internal sealed class DumpFilter : IDumpVisitor
{
    private const int PieceSize = 64 << 10;
    private readonly IReadOnlySet<int> _wanted;
    private readonly DumpParser _parser;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly byte[] _piece = new byte[PieceSize];
    private int _pieceBytes;
    private bool _isWanted;
    private HashSet<int>? _missing;

    /// <summary>A filter.</summary>
    /// <param name="wanted">Numbers of the entries whose data is wanted.</param>
    public DumpFilter(IReadOnlySet<int> wanted) => (_wanted, _parser) = (wanted, new(this));

    /// <summary>True when the archive has nothing more that is wanted; never where it could not be read.</summary>
    public bool IsDone => _missing is { Count: 0 };

    /// <summary>Takes the next bytes of the archive.</summary>
    /// <returns>What is to be handed on; good until the next call.</returns>
    public ReadOnlyMemory<byte> Take(ReadOnlySpan<byte> bytes)
    {
        _output.ResetWrittenCount();
        _parser.Add(bytes);
        EndPiece();
        return _output.WrittenMemory;
    }

    void IDumpVisitor.Head(DumpHead head) => _missing = [.. head.Holders.Where(_wanted.Contains)];

    void IDumpVisitor.Other(int? holder, ReadOnlySpan<byte> bytes)
    {
        if (holder is not { } number || _wanted.Contains(number))
        {
            _output.Write(bytes);
        }
    }

    void IDumpVisitor.BeginRows(int holder)
    {
        _isWanted = _wanted.Contains(holder);
        if (_isWanted)
        {
            _output.Write([DumpParser.RowsBlock]);
            Number(holder);
        }
    }

    void IDumpVisitor.Rows(ReadOnlySpan<byte> bytes)
    {
        while (_isWanted && bytes.Length > 0)
        {
            var taken = Math.Min(bytes.Length, PieceSize - _pieceBytes);
            bytes[..taken].CopyTo(_piece.AsSpan(_pieceBytes));
            bytes = bytes[taken..];
            if ((_pieceBytes += taken) == PieceSize)
            {
                EndPiece();
            }
        }
    }

    void IDumpVisitor.End(int holder, bool isRows)
    {
        if (isRows && _isWanted)
        {
            EndPiece();
            Number(0);
        }

        _missing?.Remove(holder);
    }

    void IDumpVisitor.Unknown()
    {
        EndPiece();
        _missing = null;
    }

    private void EndPiece()
    {
        if (_pieceBytes > 0)
        {
            Number(_pieceBytes);
            _output.Write(_piece.AsSpan(0, _pieceBytes));
            _pieceBytes = 0;
        }
    }

    private void Number(int value)
    {
        var target = _output.GetSpan(DumpParser.NumberSize);
        target[0] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(target[1..], value);
        _output.Advance(DumpParser.NumberSize);
    }
}
