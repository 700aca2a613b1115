using Slipway.Health;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Ships releases with the team's own commands.</summary>
public sealed class CommandReleaser(
    DeploymentEnvironment environment,
    ReleaseBook book,
    IProcessRunner processes,
    HttpMessageHandler http,
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
    /// <remarks>The application is asked; the book only knows what was meant to be, not what a deploy that was cut off has done.</remarks>
    public override async Task<Serving> ObserveAsync(CancellationToken cancellationToken)
    {
        var health = environment.Health;
        if (health.VersionProperty.Length == 0)
        {
            return Serving.NotKnown("the application does not say its version (health.versionProperty is empty)");
        }

        var url = new Uri(BaseUrl, health.Path);
        var reply = await new HealthProbe(http, output.Time, output).AskAsync(url, health, cancellationToken);
        return reply.Version is { } version
            ? Serving.By(version)
            : Serving.NotKnown($"{url} does not say: {reply.Reason ?? $"its answer has no {health.VersionProperty}"}");
    }

    /// <inheritdoc />
    public override async Task<string?> ServingAsync(CancellationToken cancellationToken) =>
        (await ObserveAsync(cancellationToken)).Release ?? (await book.ServingAsync(cancellationToken))?.Id;

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
        var result = await processes.RunAsync(command, line => output.Raw($"  {line}"), cancellationToken);
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
