using System.Collections.Concurrent;
using System.Globalization;

namespace Nuke.Common.Output;

/// <summary>The log file of a run, under <c>.nuke/temp</c>; the newest ten are kept.</summary>
internal static class RunLog
{
    private const int Kept = 10;

    /// <summary>Opens the log of this run; a folder that cannot be written to costs the log, not the run.</summary>
    public static TextWriter Open(string folder, ConcurrentDictionary<string, byte> masks)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (
                var old in Directory
                    .GetFiles(folder, "build.*.log")
                    .OrderDescending(StringComparer.Ordinal)
                    .Skip(Kept - 1)
            )
            {
                File.Delete(old);
            }

            var now = TimeProvider.System.GetUtcNow();
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"build.{now:yyyy-MM-dd_HH-mm-ss-fff}.{Environment.ProcessId}.log"
            );
            return new MaskingWriter(new StreamWriter(Path.Combine(folder, name)) { AutoFlush = true }, masks);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return TextWriter.Null;
        }
    }
}
