using Slipway.Health;
using Slipway.Tests.Support;

namespace Slipway.Tests.Health;

public sealed class LogSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder["app.log"];

    private LogSearch Search => new(Log, ["ERROR", "\"level\":\"error\""]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looks_only_at_lines_that_are_new()
    {
        Append("ERROR before", "fine");
        var mark = await Search.MarkAsync(Token);
        Append("fine", "an error in lower case", "{\"level\":\"error\",\"message\":\"new\"}");

        var found = await Search.SearchAsync(mark, Token);

        Assert.Equal((null, 3, 1, null), (found.Unknown, found.Lines, found.Errors, found.Gap));
        Assert.Equal(["{\"level\":\"error\",\"message\":\"new\"}"], found.Excerpt);
    }

    [Fact]
    public async Task Shows_five_lines_of_at_most_200_characters()
    {
        var mark = await Search.MarkAsync(Token);
        Append([.. Enumerable.Range(0, 8).Select(number => $"ERROR {number} {new string('x', 300)}")]);

        var found = await Search.SearchAsync(mark, Token);

        Assert.Equal(8, found.Errors);
        Assert.Equal(5, found.Excerpt.Count);
        Assert.All(found.Excerpt, line => Assert.Equal(200, line.Length));
        Assert.StartsWith("ERROR 0 x", found.Excerpt[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follows_a_log_that_was_renamed()
    {
        Append("ERROR before");
        var mark = await Search.MarkAsync(Token);
        Append("ERROR in the old one");
        File.Move(Log, $"{Log}.1");
        Append("ERROR in the new one");

        var found = await Search.SearchAsync(mark, Token);

        Assert.Equal(["ERROR in the old one", "ERROR in the new one"], found.Excerpt);
        Assert.Null(found.Gap);
    }

    [Fact]
    public async Task Follows_a_log_that_was_copied_and_emptied()
    {
        Append("ERROR before");
        var mark = await Search.MarkAsync(Token);
        Append("ERROR in the old one");
        File.Copy(Log, $"{Log}.1");
        await File.WriteAllTextAsync(Log, "", Token);
        Append("ERROR in the new one, which is longer than the old one was");

        var found = await Search.SearchAsync(mark, Token);

        Assert.Equal(
            ["ERROR in the old one", "ERROR in the new one, which is longer than the old one was"],
            found.Excerpt
        );
    }

    [Fact]
    public async Task Says_when_the_rest_of_the_old_log_is_gone()
    {
        Append("before");
        var mark = await Search.MarkAsync(Token);
        await File.WriteAllTextAsync(Log, "ERROR in the new one\n", Token);
        await File.WriteAllTextAsync($"{Log}.1", "ERROR of another day, and long enough\n", Token);

        var found = await Search.SearchAsync(mark, Token);

        Assert.Equal(["ERROR in the new one"], found.Excerpt);
        Assert.Equal($"{Log} was replaced since byte 7, and the rest of the old one is not in {Log}.1", found.Gap);
    }

    [Fact]
    public async Task Reads_a_log_that_begins_after_the_mark()
    {
        var mark = await Search.MarkAsync(Token);
        Append("ERROR first of all");

        var found = await Search.SearchAsync(mark, Token);

        Assert.Equal((1, null), (found.Errors, found.Gap));
    }

    [Fact]
    public async Task Is_not_sure_when_there_is_no_log()
    {
        var mark = await Search.MarkAsync(Token);

        var found = await Search.SearchAsync(mark, Token);

        Assert.Contains(Log, found.Unknown, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Append(params string[] lines) => File.AppendAllLines(Log, lines);
}
