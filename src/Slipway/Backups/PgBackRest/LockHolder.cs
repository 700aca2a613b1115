using System.Text.Json;
using Slipway.Processes;

namespace Slipway.Backups.PgBackRest;

/// <summary>The process that holds pgBackRest's lock.</summary>
/// <param name="Process">Which process.</param>
/// <param name="CommandLine">How it was started; pgBackRest takes no secrets there.</param>
internal sealed record LockHolder(int Process, string CommandLine)
{
    /// <summary>Who holds the lock for backups; null when nobody alive does.</summary>
    public static LockHolder? Of(PgBackRestSettings settings)
    {
        // A file stays after a kill, but the kernel freed its lock; the name changed in later versions.
        var files = Directory.Exists(settings.LockFolder)
            ? Directory.GetFiles(settings.LockFolder, $"{settings.Stanza}-backup*.lock")
            : [];
        return files.Select(Read).OfType<LockHolder>().FirstOrDefault();
    }

    /// <inheritdoc />
    public override string ToString() => $"process {Process} ({CommandLine})";

    private static LockHolder? Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var process = document.RootElement.GetProperty("pid").GetInt32();
            return ProcessIdentity.Of(process) is null
                ? null
                : new(process, File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ').Trim());
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or InvalidOperationException
                        or FormatException
                        or KeyNotFoundException
            )
        {
            return null;
        }
    }
}
