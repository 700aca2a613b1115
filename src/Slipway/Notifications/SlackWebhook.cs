using System.Net;
using System.Net.Http.Headers;
using Slipway.Settings;

namespace Slipway.Notifications;

/// <summary>Tells a Slack channel, through an incoming webhook. Whatever Slack does, a deploy goes on.</summary>
/// <param name="http">Sends requests.</param>
/// <param name="url">The webhook; it is a secret.</param>
/// <param name="time">The clock.</param>
public sealed class SlackWebhook(HttpMessageHandler http, Secret url, TimeProvider time)
{
    private const int Tries = 4;
    private static readonly string[] Hosts = ["hooks.slack.com", "hooks.slack-gov.com"];

    /// <summary>How long a notice may take, all tries together; 10 s.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sends a notice; it takes no longer than the bound and never throws.</summary>
    /// <returns>What became of it, for the record.</returns>
    public async Task<string> NotifyAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url.Reveal(), UriKind.Absolute, out var address) || !IsSlack(address))
        {
            return $"not sent: the webhook is not an address at {string.Join(" or ", Hosts)}";
        }

        using var bound = new CancellationTokenSource(Bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        var answer = "Slack did not answer in time";
        try
        {
            for (var attempt = 1; attempt <= Tries; attempt++)
            {
                var (text, pause) = await TryAsync(address, SlackMessage.ToJson(notice), attempt, either.Token);
                answer = text;
                if (pause is not { } wait)
                {
                    return answer;
                }

                if (wait > Bound)
                {
                    break;
                }

                await Task.Delay(wait, time, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Out of time: what Slack said last tells why.
        }

        return $"not sent: {answer}";
    }

    // A pause asks for another try; none tells that the answer is final.
    private async Task<(string Answer, TimeSpan? Pause)> TryAsync(
        Uri address,
        byte[] body,
        int attempt,
        CancellationToken cancellationToken
    )
    {
        var backoff = TimeSpan.FromMilliseconds(250 * (1 << attempt));
        using var client = new HttpClient(http, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(4) };
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
            using var response = await client.PostAsync(address, content, cancellationToken);
            var code = (int)response.StatusCode;
            return response.StatusCode switch
            {
                HttpStatusCode.OK => ("sent", null),
                HttpStatusCode.TooManyRequests => (
                    "Slack asks to slow down (429)",
                    Wait(response.Headers.RetryAfter) ?? backoff
                ),
                >= HttpStatusCode.InternalServerError => ($"Slack answers {code}", backoff),
                _ => ($"not sent: Slack answers {code}, which another try does not change", null),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return ($"Slack cannot be reached: {exception.Message}", backoff);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ("Slack did not answer within 4 s", backoff);
        }
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);

    // Loopback is nobody else's: tests stand a Slack there.
    private static bool IsSlack(Uri address) =>
        address.IsLoopback
        || (address.Scheme == Uri.UriSchemeHttps && Hosts.Contains(address.Host, StringComparer.OrdinalIgnoreCase));
}
