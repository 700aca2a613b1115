using System.Buffers;
using System.Buffers.Binary;

namespace Slipway.Backups.CustomFormat;

/// <summary>Takes an archive of pg_dump's custom format, uncompressed, apart while it streams by.</summary>
/// <remarks>
/// Behind the head stand blocks: a byte that tells their kind, the number of an entry, and its data in pieces, each behind its
/// length, to one of length 0; see <c>pg_backup_custom.c</c>. What is something else goes by unread.
/// </remarks>
/// <param name="visitor">Gets the parts.</param>
internal sealed class DumpParser(IDumpVisitor visitor)
{
    /// <summary>Bytes of a number: its sign, then its value, the lowest byte first.</summary>
    public const int NumberSize = 5;

    /// <summary>The byte before the rows of an entry.</summary>
    public const byte RowsBlock = 1;

    private const int LargestHead = 64 << 20;
    private const byte ObjectsBlock = 3;
    private readonly byte[] _number = new byte[NumberSize];
    private ArrayBufferWriter<byte> _head = new();
    private Step _step = Step.Head;
    private int _numberBytes;
    private byte _kind;
    private int _holder;
    private int _left;

    private enum Step
    {
        Head,
        Kind,
        Holder,
        Object,
        Length,
        Piece,
        Unknown,
    }

    /// <summary>Takes the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[Take(bytes)..];
        }
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        switch (_step)
        {
            case Step.Head:
                TakeHead(bytes);
                return bytes.Length;
            case Step.Kind:
                return TakeKind(bytes[0]);
            case Step.Piece:
                return TakePiece(bytes);
            case Step.Unknown:
                visitor.Other(null, bytes);
                return bytes.Length;
            default:
                return TakeNumber(bytes);
        }
    }

    private void TakeHead(ReadOnlySpan<byte> bytes)
    {
        _head.Write(bytes);
        var known = _head.WrittenSpan;
        var head = ReadHead();
        if (head is null && _step is Step.Head)
        {
            return;
        }

        _head = new();
        if (head is not null)
        {
            _step = Step.Kind;
            visitor.Head(head);
            visitor.Other(null, known[..head.Length]);
            known = known[head.Length..];
        }

        Add(known);
    }

    private DumpHead? ReadHead()
    {
        try
        {
            if (DumpHead.Read(_head.WrittenSpan) is { } head)
            {
                return head;
            }
        }
        catch (InvalidDataException)
        {
            GiveUp();
        }

        if (_head.WrittenCount > LargestHead)
        {
            GiveUp();
        }

        return null;
    }

    private int TakeKind(byte kind)
    {
        if (kind is not (RowsBlock or ObjectsBlock))
        {
            GiveUp();
            return 0;
        }

        (_kind, _step) = (kind, Step.Holder);
        return 1;
    }

    private int TakeNumber(ReadOnlySpan<byte> bytes)
    {
        if (_numberBytes == 0 && bytes.Length >= NumberSize)
        {
            Take(bytes[..NumberSize], Number(bytes));
            return NumberSize;
        }

        var taken = Math.Min(NumberSize - _numberBytes, bytes.Length);
        bytes[..taken].CopyTo(_number.AsSpan(_numberBytes));
        if ((_numberBytes += taken) == NumberSize)
        {
            _numberBytes = 0;
            Take(_number, Number(_number));
        }

        return taken;
    }

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);

    private void Take(ReadOnlySpan<byte> bytes, int number)
    {
        switch (_step)
        {
            case Step.Holder:
                TakeHolder(bytes, number);
                break;
            case Step.Object:
                // The numbers of large objects end with one that none has.
                visitor.Other(_holder, bytes);
                _step = number == 0 ? Step.Kind : Step.Length;
                if (number == 0)
                {
                    visitor.End(_holder, isRows: false);
                }

                break;
            default:
                TakeLength(bytes, number);
                break;
        }
    }

    private void TakeHolder(ReadOnlySpan<byte> bytes, int number)
    {
        _holder = number;
        if (_kind == RowsBlock)
        {
            visitor.BeginRows(number);
            _step = Step.Length;
            return;
        }

        visitor.Other(number, [_kind]);
        visitor.Other(number, bytes);
        _step = Step.Object;
    }

    private void TakeLength(ReadOnlySpan<byte> bytes, int number)
    {
        _left = number;
        if (number < 0)
        {
            GiveUp();
            visitor.Other(null, bytes);
        }
        else if (_kind == ObjectsBlock)
        {
            visitor.Other(_holder, bytes);
            _step = number == 0 ? Step.Object : Step.Piece;
        }
        else if (number == 0)
        {
            visitor.End(_holder, isRows: true);
            _step = Step.Kind;
        }
        else
        {
            _step = Step.Piece;
        }
    }

    private int TakePiece(ReadOnlySpan<byte> bytes)
    {
        var piece = bytes[..Math.Min(_left, bytes.Length)];
        if (_kind == RowsBlock)
        {
            visitor.Rows(piece);
        }
        else
        {
            visitor.Other(_holder, piece);
        }

        if ((_left -= piece.Length) == 0)
        {
            _step = Step.Length;
        }

        return piece.Length;
    }

    private void GiveUp()
    {
        _step = Step.Unknown;
        visitor.Unknown();
    }
}
