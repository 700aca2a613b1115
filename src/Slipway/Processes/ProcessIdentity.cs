using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Processes;

/// <summary>One certain process: its number and when it began, so that a recycled number is never taken for it.</summary>
/// <param name="Id">Process id.</param>
/// <param name="Started">When it began, in the system's own clock ticks; compared only for equality.</param>
public sealed partial record ProcessIdentity(int Id, string Started)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>True while it runs; a process that has ended but was not reaped yet does not.</summary>
    public bool IsAlive => Of(Id) is { } now && now == this;

    /// <summary>The process that has this number now; null when there is none.</summary>
    public static ProcessIdentity? Of(int id)
    {
        if (!Directory.Exists("/proc/self"))
        {
            return OfElsewhere(id);
        }

        try
        {
            return Parse(File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Asks it to stop.</summary>
    /// <returns>False when it does not run any more.</returns>
    public bool Terminate() => IsAlive && Signals.Terminate(Id);

    /// <summary>Ends it at once.</summary>
    /// <returns>False when it does not run any more.</returns>
    public bool Kill() => IsAlive && Signals.End(Id);

    /// <summary>Waits until it has ended.</summary>
    /// <returns>False when it still runs after the limit.</returns>
    public async Task<bool> WaitForExitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (IsAlive)
        {
            if (time.GetElapsedTime(started) >= limit)
            {
                return false;
            }

            await Task.Delay(Glance, time, cancellationToken);
        }

        return true;
    }

    /// <summary>Asks it to stop, and ends it when it still runs after the limit.</summary>
    /// <returns>False when it had to be ended.</returns>
    public async Task<bool> EndAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Terminate();
        if (await WaitForExitAsync(limit, time, cancellationToken))
        {
            return true;
        }

        Kill();
        await WaitForExitAsync(limit, time, cancellationToken);
        return false;
    }

    /// <summary>Reads a line of /proc/pid/stat; null when it is none, or of a process that has ended.</summary>
    internal static ProcessIdentity? Parse(string stat)
    {
        var match = StatPattern().Match(stat);
        return match.Success && match.Groups["state"].Value is not ("Z" or "X")
            ? new(int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture), match.Groups["started"].Value)
            : null;
    }

    private static ProcessIdentity? OfElsewhere(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            var started = process.StartTime.ToUniversalTime().Ticks;
            return process.HasExited ? null : new(id, started.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    // The name stands in parentheses and may itself contain any of them; the 22nd field is the start time.
    [GeneratedRegex(
        @"^(?<id>\d+) \(.*\) (?<state>\S) (?:\S+ ){18}(?<started>\d+)",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex StatPattern();
}
