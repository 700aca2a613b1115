using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SampleApp;

/// <summary>Counts the connections to the database, as Npgsql's own metrics tell.</summary>
internal sealed class PoolGauge : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly int _max;

    public PoolGauge(AppSettings settings)
    {
        _max = settings.PoolMax;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Npgsql", Name: "db.client.connection.count" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, count, tags, _) => Add(count, tags));
        _listener.Start();
    }

    /// <summary>How many there are now.</summary>
    public PoolHealth Read()
    {
        lock (_lock)
        {
            _seen.Clear();
            _listener.RecordObservableInstruments();
            int? idle = _seen.TryGetValue("idle", out var unused) ? unused : null;
            int? busy = _seen.TryGetValue("used", out var used) ? used : null;
            return new(_max, idle + busy, idle, busy);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(int count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name.EndsWith("state", StringComparison.Ordinal) && value is string state)
            {
                _seen.AddOrUpdate(state, count, (_, before) => before + count);
            }
        }
    }
}
