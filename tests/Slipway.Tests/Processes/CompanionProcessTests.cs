using System.Globalization;
using Slipway.Processes;
using Slipway.Tests.Support;

namespace Slipway.Tests.Processes;

public sealed class CompanionProcessTests : IDisposable
{
    private const string HostVariable = "SLIPWAY_TESTS_COMPANION";

    // A program with a child; both note who they are.
    private const string Family = """sleep 1000 & echo $! >>"$1.part"; echo $$ >>"$1.part"; mv "$1.part" "$1"; wait""";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keeps_the_output_in_a_file_of_its_owner_and_says_how_it_ended()
    {
        var log = _folder["out"];
        using var process = CompanionProcess.Start(
            Command.Of("sh", "-c", "cat; echo told; echo warned >&2; exit 3"),
            log
        );

        await UntilAsync(() => process.ExitCode is not null);

        Assert.Equal(3, process.ExitCode);
        Assert.Equal(["told", "warned"], await File.ReadAllLinesAsync(log, Token));
        Assert.Equal("600", (await Tool.RunAsync("stat", "-c", "%a", log)).Trim());
    }

    [Fact]
    public async Task Says_in_its_output_what_could_not_be_started()
    {
        using var process = CompanionProcess.Start(Command.Of("no-such-program"), _folder["out"]);

        await UntilAsync(() => process.ExitCode is not null);

        Assert.Equal(127, process.ExitCode);
        Assert.Contains(
            "no-such-program",
            await File.ReadAllTextAsync(_folder["out"], Token),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM; ")]
    public async Task Ends_with_its_children_even_such_as_do_not_hear(string prelude)
    {
        using var process = Start(prelude);
        var family = await FamilyAsync();

        Assert.True(await process.EndAsync(TimeSpan.FromMilliseconds(300), TimeProvider.System));

        Assert.DoesNotContain(family, IsAlive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM; ")]
    public async Task Ends_with_its_children_when_we_let_go(string prelude)
    {
        using (Start(prelude))
        {
            await FamilyAsync();
        }

        var family = await FamilyAsync();
        await UntilAsync(() => !family.Any(IsAlive));
    }

    /// <summary>Runs itself as a program that has a companion, and kills that.</summary>
    [Fact]
    public async Task Ends_with_its_children_when_we_are_killed()
    {
        if (Environment.GetEnvironmentVariable(HostVariable) is { } folder)
        {
            using var companion = CompanionProcess.Start(
                Command.Of("sh", "-c", Family, "sh", Path.Combine(folder, "family")),
                Path.Combine(folder, "out")
            );
            await Task.Delay(Timeout.Infinite, Token);
        }

        var assembly = typeof(CompanionProcessTests).Assembly.Location;
        var method = $"*.{nameof(CompanionProcessTests)}.{nameof(Ends_with_its_children_when_we_are_killed)}";
        using var host = CompanionProcess.Start(
            Command.Of("dotnet", assembly, "-method", method) with
            {
                Variables = new Dictionary<string, Slipway.Settings.Secret> { [HostVariable] = new(_folder.Path) },
            },
            _folder["host"]
        );
        await UntilAsync(() =>
            File.Exists(_folder["family"])
            || (host.ExitCode is null ? false : throw new InvalidOperationException(File.ReadAllText(_folder["host"])))
        );
        var family = await FamilyAsync();
        Assert.All(family, id => Assert.True(IsAlive(id)));

        Assert.True(ProcessIdentity.Of(host.Id)!.Kill());

        await UntilAsync(() => !family.Any(IsAlive));
    }

    public void Dispose() => _folder.Dispose();

    private CompanionProcess Start(string prelude) =>
        CompanionProcess.Start(Command.Of("sh", "-c", $"{prelude}{Family}", "sh", _folder["family"]), _folder["out"]);

    private async Task<IReadOnlyList<int>> FamilyAsync()
    {
        await UntilAsync(() => File.Exists(_folder["family"]));
        var lines = await File.ReadAllLinesAsync(_folder["family"], Token);
        return [.. lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    private static bool IsAlive(int id) => ProcessIdentity.Of(id) is not null;

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20, Token);
        }
    }
}
