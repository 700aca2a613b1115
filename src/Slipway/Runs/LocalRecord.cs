using System.Text;
using Slipway.Storage;

namespace Slipway.Runs;

/// <summary>A record's file on this machine. It only grows, so that a kill at any moment leaves what was written before.</summary>
internal sealed class LocalRecord(string folder, RunId id)
{
    private long? _durable;

    public string Path => System.IO.Path.Combine(folder, $"{id}.jsonl");

    /// <summary>Its text; null when there is none that can be read.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(Path, Encoding.UTF8, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Appends what the file does not hold yet, and flushes it to the disk.</summary>
    /// <param name="whole">The whole record.</param>
    public async Task WriteAsync(ReadOnlyMemory<byte> whole)
    {
        PrivateFolder.Create(folder);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(Path, options);
        var held = _durable ?? await HeldAsync(file, whole);
        _durable = null;
        file.SetLength(held);
        file.Position = held;
        await file.WriteAsync(whole[(int)held..], CancellationToken.None);
        file.Flush(flushToDisk: true);
        if (held == 0)
        {
            DurableFolder.Flush(folder);
        }

        _durable = whole.Length;
    }

    // After a crash or a failed write the file ends anywhere; what it shares with the record is not written again.
    private static async Task<long> HeldAsync(FileStream file, ReadOnlyMemory<byte> whole)
    {
        var found = new byte[(int)Math.Min(file.Length, whole.Length)];
        await file.ReadExactlyAsync(found, CancellationToken.None);
        return found.AsSpan().CommonPrefixLength(whole.Span);
    }
}
