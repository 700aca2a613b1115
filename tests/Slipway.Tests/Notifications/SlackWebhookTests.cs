using Microsoft.AspNetCore.Http;
using Slipway.Health;
using Slipway.Notifications;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Notifications;

/// <summary>Slack's documented answers, and how it misbehaves: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.</summary>
public sealed class SlackWebhookTests : IDisposable
{
    private const string Path = "/services/T000/B000/swordfish";

    private static readonly Notice Notice = new(NoticeKind.Started, "prod", "1a2b3c", "run-1", "ana");

    private readonly SocketsHttpHandler _handler = DirectHttp.CreateHandler();

    [Fact]
    public async Task Sends_json_to_the_webhook()
    {
        string? body = null;
        await using var slack = await Site.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            body = await reader.ReadToEndAsync(context.RequestAborted);
            Assert.Equal("application/json; charset=utf-8", context.Request.ContentType);
            await Site.SayAsync(context, "ok", type: "text/plain");
        });

        Assert.Equal("sent", await NotifyAsync(slack.Url));
        Assert.Equal([$"POST {Path}"], slack.Requests);
        Assert.Contains("1a2b3c → prod started", body!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_as_long_as_slack_asks()
    {
        var tries = 0;
        await using var slack = await Site.StartAsync(context =>
        {
            if (++tries > 1)
            {
                return Site.SayAsync(context, "ok");
            }

            context.Response.Headers.RetryAfter = "1";
            return Site.SayAsync(context, "rate_limited", StatusCodes.Status429TooManyRequests);
        });

        Assert.Equal("sent", await NotifyAsync(slack.Url));
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task Gives_up_when_slack_asks_for_longer_than_a_deploy_waits()
    {
        await using var slack = await Site.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return Site.SayAsync(context, "rate_limited", StatusCodes.Status429TooManyRequests);
        });

        Assert.Equal("not sent: Slack asks to slow down (429)", await NotifyAsync(slack.Url));
        Assert.Single(slack.Requests);
    }

    [Fact]
    public async Task Tries_again_when_slack_is_broken_for_a_moment()
    {
        var tries = 0;
        await using var slack = await Site.StartAsync(context =>
        {
            switch (++tries)
            {
                case 1:
                    return Site.SayAsync(context, "rollup_error", StatusCodes.Status500InternalServerError);
                case 2:
                    context.Abort();
                    return Task.CompletedTask;
                default:
                    return Site.SayAsync(context, "ok");
            }
        });

        Assert.Equal("sent", await NotifyAsync(slack.Url));
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task Gives_up_on_a_slack_that_stays_broken()
    {
        await using var slack = await Site.StartAsync("fatal", StatusCodes.Status503ServiceUnavailable);

        Assert.Equal("not sent: Slack answers 503", await NotifyAsync(slack.Url, 2));
        Assert.InRange(slack.Requests.Count, 2, 4);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(302)]
    public async Task Takes_a_refusal_as_final(int status)
    {
        await using var slack = await Site.StartAsync("invalid_token", status);

        var said = await NotifyAsync(slack.Url);

        Assert.Equal($"not sent: Slack answers {status}, which another try does not change", said);
        Assert.Single(slack.Requests);
    }

    [Fact]
    public async Task Never_waits_for_a_slack_that_does_not_answer()
    {
        await using var slack = await Site.StartAsync(context =>
            Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted)
        );

        Assert.Equal("not sent: Slack did not answer in time", await NotifyAsync(slack.Url, 2));
    }

    [Fact]
    public async Task Says_why_nobody_listens()
    {
        Uri gone;
        await using (var slack = await Site.StartAsync("ok"))
        {
            gone = slack.Url;
        }

        var said = await NotifyAsync(gone, 2);

        Assert.StartsWith("not sent: Slack cannot be reached: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com/services/T000/B000/swordfish")]
    [InlineData("http://hooks.slack.com/services/T000/B000/swordfish")]
    [InlineData("https://hooks.slack.com.example.com/swordfish")]
    [InlineData("swordfish")]
    public async Task Posts_nowhere_but_to_slack(string address)
    {
        var said = await new SlackWebhook(_handler, new(address), TimeProvider.System).NotifyAsync(
            Notice,
            TestContext.Current.CancellationToken
        );

        Assert.Equal("not sent: the webhook is not an address at hooks.slack.com or hooks.slack-gov.com", said);
    }

    public void Dispose() => _handler.Dispose();

    private Task<string> NotifyAsync(Uri slack, int seconds = 60) =>
        new SlackWebhook(_handler, new Secret(new Uri(slack, Path).ToString()), TimeProvider.System)
        {
            Bound = TimeSpan.FromSeconds(seconds),
        }.NotifyAsync(Notice, TestContext.Current.CancellationToken);
}
