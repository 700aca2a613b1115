namespace Slipway.Processes;

/// <summary>Keeps the last lines of an output within a bound.</summary>
internal sealed class TailBuffer
{
    private const int Bound = 1 << 20;
    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();
    private int _length;

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            _length += line.Length + 1;
            while (_length > Bound && _lines.Count > 1)
            {
                _length -= _lines.Dequeue().Length + 1;
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', _lines);
        }
    }
}
