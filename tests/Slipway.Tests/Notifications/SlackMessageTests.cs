using System.Text;
using System.Text.Json;
using CsCheck;
using Slipway.Notifications;
using Slipway.Tests.Support;

namespace Slipway.Tests.Notifications;

public sealed class SlackMessageTests
{
    private static readonly Notice Started = new(
        NoticeKind.Started,
        "prod",
        "1a2b3c4d5e6f",
        "20261124T030000Z-4711",
        "ana"
    );

    private static readonly Notice Ended = Started with
    {
        State = "release 1a2b3c4d5e6f is live at https://notes.example",
    };

    public static TheoryData<NoticeKind> Kinds => [.. Enum.GetValues<NoticeKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Says_what_happened(NoticeKind kind)
    {
        var notice = kind switch
        {
            NoticeKind.Started => Started,
            NoticeKind.Succeeded => Ended with { Kind = kind },
            _ => Ended with
            {
                Kind = kind,
                Cause = "HealthCheck: 503 from https://notes.example/health",
                Next = "mend it, then: ./build.sh Deploy --env prod",
            },
        };

        Approval.Match(Encoding.UTF8.GetString(SlackMessage.ToJson(notice)), "json", $"{kind}");
    }

    [Fact]
    public void Pages_nobody_because_of_a_commit_message()
    {
        var json = Json(Started with { Cause = "revert \"<!channel> & <@U012>\"" });

        var text = Texts(json).Single(text => text.StartsWith("*Cause*", StringComparison.Ordinal));
        Assert.Equal("*Cause*\nrevert \"&lt;!channel&gt; &amp; &lt;@U012&gt;\"", text);
    }

    [Fact]
    public void Keeps_to_slacks_limits_whatever_it_is_told()
    {
        var text = Gen.OneOf(
            Gen.String[0, 6000],
            Gen.Int[0, 6000].Select(count => string.Concat(Enumerable.Repeat("😀", count))),
            Gen.Int[0, 6000].Select(count => new string('<', count))
        );
        Gen.Select(text, text, text, text)
            .Sample(
                (release, by, cause, next) =>
                {
                    var notice = Ended with { Release = release, By = by, Cause = cause, Next = next };
                    var json = Json(notice with { Kind = NoticeKind.Failed });
                    var header = json.GetProperty("blocks")[0].GetProperty("text").GetProperty("text").GetString()!;

                    Assert.InRange(Runes(header), 1, 150);
                    Assert.All(Texts(json), item => Assert.InRange(Runes(item), 1, 3000));
                    Assert.InRange(Texts(json).Sum(Runes), 1, 10_000);
                },
                iter: 200
            );
    }

    private static int Runes(string text) => text.EnumerateRunes().Count();

    private static JsonElement Json(Notice notice) => JsonDocument.Parse(SlackMessage.ToJson(notice)).RootElement;

    private static IEnumerable<string> Texts(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => [element.GetString()!],
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
            JsonValueKind.Object => element
                .EnumerateObject()
                .Where(property => property.Name != "type")
                .SelectMany(property => Texts(property.Value)),
            _ => [],
        };
}
