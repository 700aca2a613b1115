using Slipway.Processes;

namespace Slipway.Tests.Support;

/// <summary>Other people's programs, without which a test is skipped at home and fails on CI.</summary>
internal static class Tool
{
    private static readonly ProcessRunner Processes = new(TimeProvider.System);

    public static void Require(params string[] programs)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        foreach (var program in programs.Where(name => !folders.Any(folder => File.Exists(Path.Combine(folder, name)))))
        {
            Miss($"there is no {program}");
        }
    }

    /// <summary>Ends the test for want of something that is not this repository's.</summary>
    public static void Miss(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") is null)
        {
            Assert.Skip(what);
        }

        Assert.Fail($"{what}, and on CI nothing may be missing");
    }

    public static Task<CommandResult> TryRunAsync(string program, params string[] arguments) =>
        Processes.RunAsync(
            Command.Of(program, arguments) with
            {
                Timeout = TimeSpan.FromMinutes(2),
            },
            null,
            TestContext.Current.CancellationToken
        );

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await TryRunAsync(program, arguments);
        Assert.True(result.ExitCode == 0, $"{program} ended with {result.ExitCode}: {result.Output}{result.Error}");
        return result.Output;
    }
}
