using System.Text.Json;

namespace Slipway.Proxy;

/// <summary>Follows the file that says where the traffic goes; a bad file changes nothing.</summary>
internal sealed partial class UpstreamFile(string path, ILogger logger)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private string? _seen;
    private string? _complaint;

    /// <summary>Calls back with every upstream that the file names, the first one too.</summary>
    public async Task FollowAsync(Action<Upstream> changed, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Glance);
        do
        {
            if (await ReadAsync(cancellationToken) is { } upstream)
            {
                changed(upstream);
            }
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<Upstream?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = await File.ReadAllTextAsync(path, cancellationToken);
            if (text == _seen)
            {
                return null;
            }

            (_seen, _complaint) = (text, null);
            var upstream = JsonSerializer.Deserialize(text, ProxyJson.Default.Upstream);
            return upstream is not null && Uri.TryCreate(upstream.Address, UriKind.Absolute, out _)
                ? upstream
                : throw new JsonException("upstream must be an address");
        }
        catch (Exception exception)
            when (_seen is null && exception is (FileNotFoundException or DirectoryNotFoundException))
        {
            // Nobody has said yet where it goes.
            return null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            // Once, not at every glance.
            if (_complaint != exception.Message)
            {
                _complaint = exception.Message;
                NotFollowed(logger, path, exception.Message);
            }

            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} is not followed: {Reason}")]
    private static partial void NotFollowed(ILogger logger, string path, string reason);
}
