using Slipway.Settings;

namespace Slipway.Tests.Settings;

public sealed class DotEnvFileTests
{
    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("export A = x y ", "x y")]
    [InlineData("A=a#b # comment", "a#b")]
    [InlineData("A=", "")]
    [InlineData("A= # nothing", "")]
    [InlineData("A='$HOME `x` \\n' # comment", "$HOME `x` \\n")]
    [InlineData("""A="say \"hi\"\\ \n$HOME #1" """, "say \"hi\"\\ \n$HOME #1")]
    [InlineData("# A=2\r\n\r\nA=3\r\n", "3")]
    [InlineData("\uFEFFA=4", "4")]
    public void Reads(string text, string value)
    {
        var problems = new ProblemList();

        var found = DotEnvFile.Parse(text, "x.env", problems);

        Assert.Empty(problems.Errors);
        Assert.Equal(value, Assert.Single(found).Value.Value);
    }

    [Theory]
    [InlineData("hunter2", "x.env:1: is no NAME=value")]
    [InlineData("\nA='hunter2", "x.env:2: the quotes of A do not match")]
    [InlineData("A=\"x\"hunter2", "x.env:1: the quotes of A do not match")]
    [InlineData("2A=hunter2", "x.env:1: is no NAME=value")]
    [InlineData("A=1\nA=hunter2", "x.env:2: sets A again, after line 1")]
    public void Refuses_without_showing_the_line(string text, string problem)
    {
        var problems = new ProblemList();

        DotEnvFile.Parse(text, "x.env", problems);

        var told = Assert.Single(problems.Errors).ToString();
        Assert.StartsWith(problem, told, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal);
    }
}
