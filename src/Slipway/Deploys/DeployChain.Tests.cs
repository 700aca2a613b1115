using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;
using Slipway.Testing;

namespace Slipway.Deploys;

public sealed partial class DeployChain
{
    /// <summary>Runs the environment's tests.</summary>
    public async Task<StepReport> TestAsync(CancellationToken cancellationToken)
    {
        _state.Stage = Stage.Test;
        var environment = (await OpenAsync(cancellationToken)).Environment;
        var test = environment.Test;
        if (test.Command.Count == 0)
        {
            throw new SlipwayException(
                $"Environment {environment.Name} names no tests",
                "name them under test.command in .nuke/environments/" + environment.Name + ".json",
                ExitCode.Refused
            );
        }

        var command = TestCommand(test);
        if (options.DryRun)
        {
            return StepReport.WouldDo($"run {command}");
        }

        if (_state.NothingToDo)
        {
            return StepReport.NothingToDo(
                $"release {_state.Release!.Id} is live and verified; its tests are not run again"
            );
        }

        var (result, counts) = await RunTestsAsync(command, cancellationToken);
        return StepReport.Done(
            counts?.ToString() ?? "exit code 0",
            new("command", command.ToString()),
            new("exit code", $"{result.ExitCode}"),
            new("counts", counts?.ToString() ?? "not printed")
        );
    }

    private Command TestCommand(TestSettings test) =>
        new(test.Command[0], [.. test.Command.Skip(1)]) { Folder = options.Root, Timeout = test.Timeout };

    private async Task<(CommandResult Result, TestCounts? Counts)> RunTestsAsync(
        Command command,
        CancellationToken cancellationToken
    )
    {
        Output.Line($"  {command}");
        var result = await processes.RunAsync(command, line => Output.Raw($"  {line}"), cancellationToken);
        var counts = TestCounts.Read(result.Output);
        return result.ExitCode == 0 && counts is not { Failed: > 0 }
            ? (result, counts)
            : throw new CommandFailedException(
                command,
                result,
                $"ended with exit code {result.ExitCode}{(counts is null ? "" : $": {counts}")}",
                "mend the tests; nothing was changed"
            );
    }
}
