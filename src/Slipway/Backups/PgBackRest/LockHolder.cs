using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Slipway.Processes;

namespace Slipway.Backups.PgBackRest;

/// <summary>The process that holds pgBackRest's lock.</summary>
/// <param name="Process">Which process.</param>
/// <param name="CommandLine">How it was started; pgBackRest takes no secrets there.</param>
internal sealed partial record LockHolder(int Process, string CommandLine)
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
            using var stream = Open(file);
            using var document = JsonDocument.Parse(stream);
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

    // .NET's own ways to open a file lock it with the same call as pgBackRest, and so fail while it is held.
    private static FileStream Open(string file)
    {
        const int ReadOnly = 0;
        var handle = new SafeFileHandle(Open(file, ReadOnly), ownsHandle: true);
        return handle.IsInvalid
            ? throw new IOException($"{file}: {Marshal.GetLastPInvokeErrorMessage()}")
            : new FileStream(handle, FileAccess.Read);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
