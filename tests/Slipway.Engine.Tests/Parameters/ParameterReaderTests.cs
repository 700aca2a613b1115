using Nuke.Common.Parameters;

namespace Slipway.Engine.Tests.Parameters;

public sealed class ParameterReaderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("slipway-parameters-");
    private readonly TestBuild _build = new();

    [Fact]
    public void Takes_both_ways_to_write_a_value()
    {
        Assert.Empty(Read(["Deploy", "--env", "local", "--replicas=3", "--dry-run", "--machines", "a,b"]));

        Assert.Equal(("local", 3, true), (_build.Env, _build.Replicas, _build.DryRun));
        Assert.Equal(["a", "b"], _build.Machines);
    }

    [Fact]
    public void Prefers_command_line_to_environment_to_file()
    {
        File("""{ "Env": "file", "Replicas": 7 }""");

        Assert.Empty(Read(["--env", "line"], new() { ["NUKE_ENV"] = "variable", ["NUKE_REPLICAS"] = "8" }));

        Assert.Equal(("line", 8), (_build.Env, _build.Replicas));
    }

    [Fact]
    public void Takes_a_negative_number_for_a_value()
    {
        Assert.Empty(Read(["--replicas", "-3"]));

        Assert.Equal(-3, _build.Replicas);
    }

    [Theory]
    [InlineData("--evn local", "There is no parameter --evn. Did you mean --env?")]
    [InlineData("--replicas many", "--replicas cannot be 'many', it must be a whole number")]
    [InlineData("--replicas", "--replicas needs a value")]
    [InlineData("--dry-run=perhaps", "--dry-run cannot be 'perhaps', it must be a true or false")]
    public void Refuses_what_it_does_not_understand(string words, string problem) =>
        Assert.Equal([problem], Read(words.Split(' ')));

    [Fact]
    public void Reports_every_problem_at_once_and_no_secret()
    {
        File("""{ "Envv": "x" }""");

        var problems = Read(["--nope", "1", "--api-key", "hush", "hush2"]);

        Assert.Equal(3, problems.Count);
        Assert.DoesNotContain("hush", string.Join('\n', problems), StringComparison.Ordinal);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private void File(string json)
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, ".nuke"));
        System.IO.File.WriteAllText(Path.Combine(_root.FullName, ".nuke", "parameters.json"), json);
    }

    private List<string> Read(string[] words, Dictionary<string, string>? variables = null)
    {
        var parameters = ParameterMember.Of(typeof(TestBuild));
        var line = CommandLine.Parse(
            words,
            name => parameters.Any(parameter => parameter.IsSwitch && parameter.Matches(name))
        );
        var reader = new ParameterReader(_build, parameters, variables ?? []);
        reader.Apply(line, _root.FullName, []);
        return reader.Problems;
    }
}
