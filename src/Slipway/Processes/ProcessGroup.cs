using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Slipway.Processes;

/// <summary>A program that leads a session of its own, and everything that it started and that stayed in it.</summary>
/// <param name="leader">Process id of the program.</param>
internal sealed partial class ProcessGroup(int leader) : IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _interrupts;

    /// <summary>True while one of them runs; what has ended and was not reaped does not.</summary>
    public bool IsAlive => Signals.GroupExists(leader) && (!Directory.Exists("/proc/self") || Members().Any());

    /// <summary>
    /// Its session is out of the terminal's reach, so it is told of what would end us at once: the terminal that closes, and
    /// the second Ctrl-C. The first one is the caller's, which stops the group by its token.
    /// </summary>
    public ProcessGroup EndWithUs()
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Signals.TerminateGroup(leader)));
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
        {
            _signals.Add(
                PosixSignalRegistration.Create(
                    signal,
                    _ =>
                    {
                        if (Interlocked.Increment(ref _interrupts) > 1)
                        {
                            Signals.EndGroup(leader);
                        }
                    }
                )
            );
        }

        return this;
    }

    /// <summary>Asks all of them to stop, and ends those that still run after the limit.</summary>
    public async Task EndAsync(TimeSpan limit, TimeProvider time)
    {
        // Before it has become a leader there is only itself.
        if (!Signals.TerminateGroup(leader))
        {
            Signals.Terminate(leader);
        }

        if (!await WaitAsync(limit, time))
        {
            Signals.EndGroup(leader);
            await WaitAsync(TimeSpan.FromSeconds(5), time);
        }
    }

    /// <summary>Stops listening; the group goes on.</summary>
    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time)
    {
        var started = time.GetTimestamp();
        while (IsAlive)
        {
            if (time.GetElapsedTime(started) >= limit)
            {
                return false;
            }

            await Task.Delay(Glance, time, CancellationToken.None);
        }

        return true;
    }

    private IEnumerable<int> Members() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && IsMember(id));

    private bool IsMember(int id)
    {
        try
        {
            var match = StatPattern().Match(File.ReadAllText($"/proc/{id}/stat"));
            return match.Groups["state"].Value is not ("Z" or "X")
                && match.Groups["group"].Value == leader.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The name stands in parentheses and may itself contain any of them; then state, parent and group.
    [GeneratedRegex(
        @"^\d+ \(.*\) (?<state>\S) \d+ (?<group>\d+) ",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex StatPattern();
}
