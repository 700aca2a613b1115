using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Settings;

namespace Slipway.Health;

/// <summary>Searches what an application has logged since a moment for errors.</summary>
/// <param name="path">Absolute path of the log.</param>
/// <param name="errors">Texts that mark a line as an error; compared exactly.</param>
public sealed class LogSearch(string path, IReadOnlyList<string> errors)
{
    private const int MostExcerpts = 5;
    private const int LongestExcerpt = 200;
    private const int Witness = 4096;

    /// <summary>Remembers where the log ends now.</summary>
    /// <exception cref="SlipwayException">There is a log, but it cannot be read.</exception>
    public async Task<LogPosition> MarkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var file = Open(path);
            return new(path, file.Length, Inode(file), await FingerprintAsync(file, file.Length, cancellationToken));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(path, 0, null, "");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(
                $"the application's log {path} cannot be read: {exception.Message}",
                "let this user read it, or take the log out of the environment file",
                inner: exception
            );
        }
    }

    /// <summary>Searches the lines that are new since then; a log that was rotated in between is followed.</summary>
    public async Task<LogFindings> SearchAsync(LogPosition since, CancellationToken cancellationToken)
    {
        var tally = new LogTally(errors, MostExcerpts, LongestExcerpt);
        try
        {
            await using var file = Open(path);
            if (await IsSameAsync(file, since, cancellationToken))
            {
                await tally.ReadAsync(file, since.Offset, cancellationToken);
                return tally.Findings(null);
            }

            var found = await ReadRotatedAsync(tally, since, cancellationToken);
            await tally.ReadAsync(file, 0, cancellationToken);
            return tally.Findings(
                found
                    ? null
                    : $"{path} was replaced since byte {since.Offset}, and the rest of the old one is not in {path}.1"
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new($"{path} cannot be read: {exception.Message}", 0, 0, [], null);
        }
    }

    private async Task<bool> ReadRotatedAsync(LogTally tally, LogPosition since, CancellationToken cancellationToken)
    {
        if (!File.Exists($"{path}.1"))
        {
            return false;
        }

        await using var old = Open($"{path}.1");

        // A log that is copied and then truncated lives on under another inode, so the content decides, if there was any.
        var wanted = since.Offset == 0 ? since : since with { Inode = null };
        var same = await IsSameAsync(old, wanted, cancellationToken);
        if (same)
        {
            await tally.ReadAsync(old, since.Offset, cancellationToken);
        }

        return same;
    }

    private static async Task<bool> IsSameAsync(FileStream file, LogPosition since, CancellationToken cancellationToken)
    {
        if (file.Length < since.Offset || since.Inode is { } inode && Inode(file) is { } actual && actual != inode)
        {
            return false;
        }

        var fingerprint = await FingerprintAsync(file, since.Offset, cancellationToken);
        return fingerprint.Equals(since.Fingerprint, StringComparison.Ordinal);
    }

    private static async Task<string> FingerprintAsync(FileStream file, long end, CancellationToken cancellationToken)
    {
        if (end == 0)
        {
            return "";
        }

        var buffer = new byte[Math.Min(end, Witness)];
        file.Position = end - buffer.Length;
        await file.ReadExactlyAsync(buffer, cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(buffer));
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true);

    private static ulong? Inode(FileStream file)
    {
        var facts = $"/proc/self/fdinfo/{file.SafeFileHandle.DangerousGetHandle()}";
        if (!File.Exists(facts))
        {
            return null;
        }

        var line = File.ReadLines(facts, Encoding.ASCII)
            .FirstOrDefault(line => line.StartsWith("ino:", StringComparison.Ordinal));
        return line is null ? null : ulong.Parse(line["ino:".Length..], CultureInfo.InvariantCulture);
    }
}
