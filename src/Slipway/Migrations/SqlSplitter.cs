namespace Slipway.Migrations;

/// <summary>
/// Cuts SQL at the semicolons that end statements, as psql does: not inside quotes, dollar quotes, comments,
/// parentheses, and bodies of <c>BEGIN ATOMIC … END</c>.
/// </summary>
/// <remarks>
/// The rules are those of the lexer in psql (https://www.postgresql.org/docs/current/sql-syntax-lexical.html), with
/// standard_conforming_strings on.
/// </remarks>
internal sealed class SqlSplitter
{
    private const int WordLimit = 64;
    private readonly string _sql;
    private readonly List<SqlStatement> _statements = [];
    private List<string> _words = [];
    private int _at;
    private int _line = 1;
    private int _start = -1;
    private int _startLine;
    private int _parentheses;
    private int _bodies;
    private int? _metaCommandLine;
    private int? _openLine;

    private SqlSplitter(string sql) => _sql = sql;

    /// <summary>Cuts a file; never fails, whatever is in it.</summary>
    public static SqlText Split(string sql)
    {
        var splitter = new SqlSplitter(sql);
        while (splitter._at < sql.Length)
        {
            splitter.Step();
        }

        splitter.End();
        return new(splitter._statements, splitter._metaCommandLine, splitter._openLine);
    }

    private char Current => _sql[_at];

    private char Next => _at + 1 < _sql.Length ? _sql[_at + 1] : '\0';

    private void Step()
    {
        if (char.IsWhiteSpace(Current))
        {
            Move(1);
        }
        else if ((Current, Next) is ('-', '-'))
        {
            Move(LengthUntil("\n", _at));
        }
        else if ((Current, Next) is ('/', '*'))
        {
            SkipComment();
        }
        else if (Current == ';' && _parentheses <= 0 && _bodies == 0)
        {
            End();
            Move(1);
        }
        else if (Current == '\\')
        {
            // Outside quotes a backslash is never SQL: psql takes it for a command.
            _metaCommandLine ??= _line;
            Move(LengthUntil("\n", _at));
        }
        else
        {
            Token();
        }
    }

    private void Token()
    {
        if (_start < 0)
        {
            (_start, _startLine) = (_at, _line);
        }

        switch (Current)
        {
            case '\'':
                SkipQuoted('\'', escapes: false);
                break;
            case '"':
                SkipQuoted('"', escapes: false);
                break;
            case '$' when DollarTag() is { } tag:
                Close(LengthAfter(tag, _at + tag.Length));
                break;
            case var c when IsLetter(c):
                Word();
                break;
            case var c when char.IsAsciiDigit(c):
                // The e of 1e5 begins no word, and 1e'x' no escape string.
                Move(Span(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.'));
                break;
            default:
                _parentheses += Current switch
                {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                Move(1);
                break;
        }
    }

    private void Word()
    {
        var word = _sql.Substring(_at, Span(c => IsLetter(c) || char.IsAsciiDigit(c) || c == '$')).ToUpperInvariant();
        Move(word.Length);
        if (word is "E" && _at < _sql.Length && Current == '\'')
        {
            SkipQuoted('\'', escapes: true);
            return;
        }

        if (_words.Count < WordLimit)
        {
            _words.Add(word);
        }

        if (_parentheses == 0 && IsRoutine())
        {
            _bodies += word switch
            {
                "BEGIN" => 1,
                "CASE" when _bodies > 0 => 1,
                "END" when _bodies > 0 => -1,
                _ => 0,
            };
        }
    }

    private bool IsRoutine() =>
        _words
            is ["CREATE", "FUNCTION" or "PROCEDURE", ..]
                or ["CREATE", "OR", "REPLACE", "FUNCTION" or "PROCEDURE", ..];

    private void End()
    {
        if (_start >= 0)
        {
            _statements.Add(new(_sql[_start.._at].TrimEnd(), _startLine, _words));
        }

        (_start, _parentheses, _bodies, _words) = (-1, 0, 0, []);
    }

    private void SkipQuoted(char quote, bool escapes)
    {
        var i = _at + 1;
        while (i < _sql.Length)
        {
            if (escapes && _sql[i] == '\\')
            {
                i += 2;
            }
            else if (_sql[i] != quote)
            {
                i++;
            }
            else if (i + 1 < _sql.Length && _sql[i + 1] == quote)
            {
                i += 2;
            }
            else
            {
                Move(i + 1 - _at);
                return;
            }
        }

        Close(null);
    }

    private void SkipComment()
    {
        var depth = 0;
        for (var i = _at; i + 1 < _sql.Length; i++)
        {
            if ((_sql[i], _sql[i + 1]) is ('/', '*'))
            {
                (depth, i) = (depth + 1, i + 1);
            }
            else if ((_sql[i], _sql[i + 1]) is ('*', '/'))
            {
                (depth, i) = (depth - 1, i + 1);
                if (depth == 0)
                {
                    Move(i + 1 - _at);
                    return;
                }
            }
        }

        Close(null);
    }

    private string? DollarTag()
    {
        var end = _sql.IndexOf('$', _at + 1);
        var inner = end < 0 ? null : _sql[(_at + 1)..end];
        return
            inner is not null
            && (inner.Length == 0 || IsLetter(inner[0]))
            && inner.All(c => IsLetter(c) || char.IsAsciiDigit(c))
            ? _sql[_at..(end + 1)]
            : null;
    }

    // Moves behind something quoted; without an end it reaches to the end of the file.
    private void Close(int? length)
    {
        if (length is null)
        {
            _openLine ??= _line;
        }

        Move(length ?? _sql.Length - _at);
    }

    private void Move(int count)
    {
        _line += _sql.AsSpan(_at, count).Count('\n');
        _at += count;
    }

    private int LengthUntil(string end, int from) =>
        (_sql.IndexOf(end, from, StringComparison.Ordinal) is >= 0 and var found ? found : _sql.Length) - _at;

    private int? LengthAfter(string end, int from) =>
        _sql.IndexOf(end, from, StringComparison.Ordinal) is >= 0 and var found ? found + end.Length - _at : null;

    private int Span(Func<char, bool> isPart)
    {
        var end = _at;
        while (end < _sql.Length && isPart(_sql[end]))
        {
            end++;
        }

        return end - _at;
    }

    private static bool IsLetter(char c) => char.IsAsciiLetter(c) || c == '_' || c >= 0x80;
}
