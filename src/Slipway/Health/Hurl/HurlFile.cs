using Slipway.Settings;

namespace Slipway.Health.Hurl;

/// <summary>Requests with captures and expectations, written in the Hurl format (https://hurl.dev).</summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Entries">The requests in their order.</param>
public sealed record HurlFile(string Path, IReadOnlyList<HurlEntry> Entries)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="HurlSyntaxException">It is no Hurl, or uses what is not supported.</exception>
    /// <exception cref="SlipwayException">It cannot be read.</exception>
    public static async Task<HurlFile> LoadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(path, await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(
                $"the file with the critical functions cannot be read: {exception.Message}",
                $"put a Hurl file at {path}, or name another one in the environment file",
                ExitCode.BadInput,
                exception
            );
        }
    }

    /// <summary>Parses a file's text.</summary>
    /// <exception cref="HurlSyntaxException">It is no Hurl, or uses what is not supported.</exception>
    public static HurlFile Parse(string path, string text) =>
        new(path, new HurlParser(new HurlCursor(path, text)).Entries());
}
