using Microsoft.Extensions.Time.Testing;
using Slipway.Runs;

namespace Slipway.Tests.Runs;

public sealed class RunOutputTests : IDisposable
{
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("word", 40));
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _writer = new();

    [Theory]
    [InlineData("  State   ", 10)]
    [InlineData("  ", 4)]
    [InlineData("", 2)]
    [InlineData("WARNING: ", 2)]
    public void Breaks_a_long_line_at_spaces_on_a_terminal(string label, int indent)
    {
        Output(interactive: true).Line(label + Long);

        var lines = _writer.ToString().TrimEnd('\n').Split('\n');
        Assert.True(lines.Length > 1);
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.All(
            lines.Skip(1),
            line => Assert.StartsWith(new string(' ', indent) + "word", line, StringComparison.Ordinal)
        );
        Assert.Equal(label + Long, string.Join(' ', lines.Select((line, index) => index == 0 ? line : line.Trim())));
    }

    [Fact]
    public void Prints_commands_as_the_build_was_started()
    {
        var output = new RunOutput(_writer, interactive: false, _time) { Command = "./build.sh --root /srv/app" };

        output.Line("  Next    ./build.sh Deploy --env prod");
        output.Raw("./build.sh of somebody else");

        Assert.Equal(
            "  Next    ./build.sh --root /srv/app Deploy --env prod\n./build.sh of somebody else\n",
            _writer.ToString()
        );
    }

    [Fact]
    public void Leaves_lines_whole_in_a_log_and_what_other_programs_print_everywhere()
    {
        Output(interactive: false).Line(Long);
        Output(interactive: true).Raw(Long);

        Assert.Equal($"{Long}\n{Long}\n", _writer.ToString());
    }

    [Fact]
    public void Keeps_a_word_whole_that_is_longer_than_a_line()
    {
        var path = $"/{new string('x', 120)}";

        Output(interactive: true).Line($"  Record  {path}");

        Assert.Contains(path, _writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_with_sparse_lines_in_a_log()
    {
        using (var wait = Output(interactive: false).Wait("waiting for x", TimeSpan.FromMinutes(1)))
        {
            for (var second = 0; second < 40; second++)
            {
                wait.Report(second < 20 ? "refused" : "503");
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        Assert.Equal(
            """
              waiting for x: refused
              waiting for x: refused (15 s of 1:00 min)
              waiting for x: 503 (20 s of 1:00 min)
              waiting for x: 503 (35 s of 1:00 min)

            """,
            _writer.ToString()
        );
    }

    [Fact]
    public void Waits_with_one_line_that_lives_on_a_terminal_and_clears_it()
    {
        using (var wait = Output(interactive: true).Wait("waiting for x", TimeSpan.FromMinutes(1)))
        {
            wait.Report("refused");
            _time.Advance(TimeSpan.FromSeconds(2));
            wait.Report("refused");
        }

        const string Last = "  waiting for x, 2.0 s of 1:00 min: refused";
        Assert.Equal(
            $"\r  waiting for x, 0.0 s of 1:00 min: refused\r{Last}\r{new string(' ', Last.Length)}\r",
            _writer.ToString()
        );
    }

    public void Dispose() => _writer.Dispose();

    private RunOutput Output(bool interactive) => new(_writer, interactive, _time);
}
