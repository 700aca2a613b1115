using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Ships releases with the team's own commands.</summary>
public sealed class CommandReleaser(
    DeploymentEnvironment environment,
    ReleaseBook book,
    IProcessRunner processes,
    RunOutput output
) : Releaser
{
    /// <inheritdoc />
    public override Uri BaseUrl =>
        environment.Health.Url
        ?? throw new SlipwayException(
            $"Environment {environment.Name} names no address of its application",
            $"name it under health.url in .nuke/environments/{environment.Name}.json",
            ExitCode.BadInput
        );

    /// <inheritdoc />
    public override bool CanSwitchBack => environment.Release.Rollback.Count > 0;

    /// <inheritdoc />
    public override Task PrepareAsync(Release release, Release? previous, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <inheritdoc />
    public override Task SwitchAsync(Release release, Release? previous, CancellationToken cancellationToken) =>
        RunAsync(environment.Release.Deploy, release, previous, cancellationToken);

    /// <inheritdoc />
    public override Task SwitchBackAsync(Release failed, Release previous, CancellationToken cancellationToken) =>
        RunAsync(environment.Release.Rollback, failed, previous, cancellationToken);

    /// <inheritdoc />
    public override Task RemoveAsync(Release release, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override Task RetireAsync(
        IReadOnlyList<ReleaseEntry> entries,
        string live,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    /// <inheritdoc />
    public override async Task<string?> ServingAsync(CancellationToken cancellationToken) =>
        (await book.ServingAsync(cancellationToken))?.Id;

    /// <inheritdoc />
    public override IReadOnlyList<string> LastWords(string release, int lines) => [];

    private async Task RunAsync(
        IReadOnlyList<string> template,
        Release release,
        Release? previous,
        CancellationToken cancellationToken
    )
    {
        var words = Placeholders.Fill(
            template,
            ("release", release.Id),
            ("previous", previous?.Id ?? ""),
            ("environment", environment.Name)
        );
        var command = new Command(words[0], [.. words.Skip(1)])
        {
            Folder = environment.Root,
            Timeout = environment.Release.Timeout,
            Variables = new Dictionary<string, Secret>(environment.Variables)
            {
                ["RELEASE"] = new(release.Id),
                ["PREVIOUS_RELEASE"] = new(previous?.Id ?? ""),
                ["ENVIRONMENT"] = new(environment.Name),
            },
        };
        output.Line($"  {command}");
        var result = await processes.RunAsync(command, line => output.Line($"  {line}"), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new CommandFailedException(
                command,
                result,
                $"ended with exit code {result.ExitCode}: {result.Error}",
                "mend what it says; it may have changed something before it failed"
            );
        }
    }
}
