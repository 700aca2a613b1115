using Npgsql;
using Slipway.Environments;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

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
        _state.Running = name;
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
            var failure = LockLost.IsCancellationRequested ? _run!.Lock.Loss() : Explained(name, exception);
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
        finally
        {
            _state.Running = null;
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
            Output.Line($"  {Word(report.Outcome)} {report}  ({RunOutput.Duration(duration)})");
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
        return _parts = DeployParts.Of(result.Environment, options, processes, http);
    }

    private async Task<IReadOnlyDictionary<string, string>> ProvideAsync(CancellationToken cancellationToken) =>
        SettingsReader.IsProvisionedLocally(options.Root, options.Environment)
            ? await new LocalEnvironment(options.Root, processes, Output).ProvideAsync(
                start: !options.DryRun,
                cancellationToken
            )
            : new Dictionary<string, string>();

    // What the machine or the network did to us is told like everything else: what, where, and what to do.
    private Exception Explained(string name, Exception exception) =>
        exception switch
        {
            NpgsqlException => new SlipwayException(
                $"{name} lost the database or was refused by it: {exception.InnerException?.Message ?? exception.Message}",
                $"see that the server runs and that the role may do this, then: ./build.sh {name} --env {options.Environment}",
                inner: exception
            ),
            IOException or UnauthorizedAccessException => new SlipwayException(
                $"{name} could not read or write: {exception.Message}",
                $"see that this user may, and that the disk is not full, then: ./build.sh {name} --env {options.Environment}",
                inner: exception
            ),
            _ => exception,
        };

    private static string Word(StepOutcome outcome) =>
        outcome switch
        {
            StepOutcome.Succeeded => "✓",
            StepOutcome.NothingToDo => "=",
            _ => "·",
        };

    private static string Count(long number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static string FirstLine(string text) => text.Split('\n')[0];
}
