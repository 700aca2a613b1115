using System.Collections.Concurrent;

namespace Slipway.Proxy;

/// <summary>Which release gets the traffic, and how many requests each still has.</summary>
internal sealed class Traffic
{
    private readonly ConcurrentDictionary<string, long> _active = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Upstream? _upstream;

    public UpstreamAnswer? Answer =>
        _upstream is { } upstream
            ? new(upstream.Address, upstream.Release, new Dictionary<string, long>(_active))
            : null;

    /// <summary>Sends the traffic elsewhere from now on.</summary>
    public void Switch(Upstream upstream)
    {
        lock (_lock)
        {
            _upstream = upstream;
            _active.TryAdd(upstream.Address, 0);
        }
    }

    /// <summary>Claims the current release for a request; the switch and the claim exclude each other, so none falls between.</summary>
    public string? Enter()
    {
        lock (_lock)
        {
            if (_upstream is { } upstream)
            {
                _active.AddOrUpdate(upstream.Address, 1, (_, count) => count + 1);
            }

            return _upstream?.Address;
        }
    }

    public void Leave(string address) => _active.AddOrUpdate(address, 0, (_, count) => count - 1);
}
