using Slipway.Backups;
using Slipway.Environments;
using Slipway.Processes;
using Slipway.Releases;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Deploys;

/// <summary>The steps of the checklist, in the order in which a person would do them, on one environment.</summary>
/// <remarks>Each step asks a few capabilities, returns what it found as evidence, and leaves a line in the run's record.</remarks>
public sealed partial class DeployChain(DeployOptions options, IProcessRunner processes, HttpMessageHandler http)
    : IAsyncDisposable
{
    private readonly DeployState _state = new();
    private DeployParts? _parts;
    private DeployRun? _run;
    private SettingsResult? _settings;

    /// <summary>True after Preflight began a run: there is a lock to release and a record to end.</summary>
    public bool HasBegun => _run is not null;

    private RunOutput Output => options.Output;

    private TimeProvider Time => options.Output.Time;

    private CancellationToken LockLost => _run?.Lock.Lost ?? CancellationToken.None;

    /// <summary>Runs one step: announces it, records it, and keeps its failure for the way back.</summary>
    /// <param name="name">The target's name.</param>
    /// <param name="step">The step, one of this class's methods.</param>
    /// <param name="cancellationToken">Interrupts the step.</param>
    public async Task<StepReport> StepAsync(
        string name,
        Func<CancellationToken, Task<StepReport>> step,
        CancellationToken cancellationToken
    )
    {
        var started = Time.GetTimestamp();
        try
        {
            if (_run is not null)
            {
                await _run.StepStartedAsync(name);
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, LockLost);
            var report = await step(either.Token);
            LockLost.ThrowIfCancellationRequested();
            await FinishedAsync(name, report, started, null);
            return report;
        }
        catch (Exception exception)
        {
            var failure = LockLost.IsCancellationRequested ? _run!.Lock.Loss() : exception;
            _state.Interrupted = cancellationToken.IsCancellationRequested;
            _state.Failure ??= failure;
            _state.FailedStep ??= name;
            var outcome = _state.Interrupted ? StepOutcome.Aborted : StepOutcome.Failed;
            await FinishedAsync(name, new(outcome, FirstLine(failure.Message), []), started, failure);
            if (ReferenceEquals(failure, exception))
            {
                throw;
            }

            throw failure;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_run is not null)
        {
            await _run.DisposeAsync();
        }
    }

    private async Task FinishedAsync(string name, StepReport report, long started, Exception? failure)
    {
        var duration = Time.GetElapsedTime(started);
        if (_run is not null)
        {
            await _run.StepFinishedAsync(name, report, duration, failure);
        }

        if (failure is null)
        {
            Output.Line($"  {Word(report.Outcome)} {report.Summary}  ({RunOutput.Duration(duration)})");
        }
    }

    /// <summary>Reads the settings and puts the capabilities together, once; provides what environment local needs.</summary>
    private async Task<DeployParts> OpenAsync(CancellationToken cancellationToken)
    {
        if (_parts is not null)
        {
            return _parts;
        }

        var provided = await ProvideAsync(cancellationToken);
        var result = SettingsReader.Read(options.Root, options.Environment, options.Variables, provided);
        foreach (var secret in result.Secrets)
        {
            options.Mask(secret.Reveal());
        }

        foreach (var warning in result.Warnings)
        {
            Output.Warn(warning.ToString());
        }

        _settings = result;
        var environment = result.Environment;
        var store = new FileStore(environment.Store.Folder);
        var book = new ReleaseBook(store, environment.Name, Time);
        Releaser releaser =
            environment.Release.Strategy is ReleaseStrategy.Process
                ? new ProcessReleaser(environment, options.Proxy, processes, http, Output)
                : new CommandReleaser(environment, book, processes, http, Output);
        return _parts = new(environment, store, new BackupWriter(store, processes, Output), book, releaser);
    }

    private async Task<IReadOnlyDictionary<string, string>> ProvideAsync(CancellationToken cancellationToken) =>
        SettingsReader.IsProvisionedLocally(options.Root, options.Environment)
            ? await new LocalEnvironment(options.Root, processes, Output).ProvideAsync(
                start: !options.DryRun,
                cancellationToken
            )
            : new Dictionary<string, string>();

    private static string Word(StepOutcome outcome) =>
        outcome switch
        {
            StepOutcome.Succeeded => "✓",
            StepOutcome.NothingToDo => "= nothing to do:",
            _ => "·",
        };

    private static string FirstLine(string text) => text.Split('\n')[0];
}
