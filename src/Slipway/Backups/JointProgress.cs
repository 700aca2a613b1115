namespace Slipway.Backups;

/// <summary>Adds up how far several are that work side by side.</summary>
/// <param name="report">Gets the sum whenever one of them came further.</param>
internal sealed class JointProgress(Action<long> report)
{
    private readonly Lock _lock = new();
    private long _sum;

    /// <summary>What one of them tells how far it is.</summary>
    public Action<long> Part()
    {
        var before = 0L;
        return now =>
        {
            lock (_lock)
            {
                _sum += now - before;
                before = now;
                report(_sum);
            }
        };
    }
}
