using System.Linq.Expressions;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>A build: its properties of type <see cref="Target"/> are what it can do.</summary>
public abstract class NukeBuild : INukeBuild
{
    /// <summary>Folder that holds <c>.nuke</c>.</summary>
    public static AbsolutePath RootDirectory => BuildContext.Current.Root;

    /// <summary>Folder for temporary files, <c>.nuke/temp</c>.</summary>
    public static AbsolutePath TemporaryDirectory => RootDirectory / ".nuke" / "temp";

    /// <summary>How much is printed.</summary>
    public static Verbosity Verbosity { get; set; } = Verbosity.Normal;

    /// <summary>True on a build server.</summary>
    public static bool IsServerBuild => BuildContext.Current.IsServer;

    /// <summary>True on a person's machine.</summary>
    public static bool IsLocalBuild => !IsServerBuild;

    /// <summary>The targets that run, in order.</summary>
    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; internal set; } = [];

    /// <summary>The targets that were named.</summary>
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => [.. ExecutionPlan.Where(target => target.Invoked)];

    /// <summary>The targets that were left out.</summary>
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => With(ExecutionStatus.Skipped);

    /// <summary>The targets that still run.</summary>
    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => With(ExecutionStatus.Scheduled);

    /// <summary>The target that runs now.</summary>
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => With(ExecutionStatus.Running);

    /// <summary>The targets that were interrupted.</summary>
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => With(ExecutionStatus.Aborted);

    /// <summary>The targets that failed.</summary>
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => With(ExecutionStatus.Failed);

    /// <summary>The targets that succeeded.</summary>
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => With(ExecutionStatus.Succeeded);

    /// <summary>The targets that are over.</summary>
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets =>
        [
            .. ExecutionPlan.Where(target =>
                target.Status > ExecutionStatus.Scheduled && target.Status != ExecutionStatus.Running
            ),
        ];

    /// <summary>True while nothing has failed.</summary>
    public bool IsSucceeding => !IsFailing;

    /// <summary>True once something failed.</summary>
    public bool IsFailing =>
        ExecutionPlan.Any(target =>
            target.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun
        );

    /// <summary>True when nothing is left to run.</summary>
    public bool IsFinished =>
        !ExecutionPlan.Any(target => target.Status is ExecutionStatus.Scheduled or ExecutionStatus.Running);

    /// <summary>Exit code that overrides the engine's own.</summary>
    public int? ExitCode { get; set; }

    /// <summary>Prints the plan and runs nothing.</summary>
    [Parameter("Prints the targets that would run, in order and why, and runs nothing.")]
    public bool Plan { get; internal set; }

    /// <summary>Prints the help.</summary>
    [Parameter("Prints this help.")]
    public bool Help { get; internal set; }

    AbsolutePath INukeBuild.RootDirectory => RootDirectory;

    AbsolutePath INukeBuild.TemporaryDirectory => TemporaryDirectory;

    /// <summary>Adds evidence of the running target to the table at the end.</summary>
    public void ReportSummary(Configure<Dictionary<string, string>>? configurator = null)
    {
        var target = ExecutionPlan.LastOrDefault(candidate => candidate.Status == ExecutionStatus.Running);
        if (target is not null && configurator is not null)
        {
            foreach (var (name, value) in configurator([]))
            {
                target.SummaryInformation[name] = value;
            }
        }
    }

    /// <summary>Runs the build with the arguments of the process.</summary>
    /// <param name="defaultTargets">What runs when no target is named; nothing prints the help.</param>
    /// <returns>The exit code.</returns>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargets)
        where T : NukeBuild, new() => BuildRunner.Run<T>(defaultTargets);

    /// <summary>The build exists and its parameters are set.</summary>
    protected internal virtual void OnBuildCreated() { }

    /// <summary>The plan is made.</summary>
    protected internal virtual void OnBuildInitialized() { }

    /// <summary>Everything is over.</summary>
    protected internal virtual void OnBuildFinished() { }

    /// <summary>A target starts.</summary>
    protected internal virtual void OnTargetRunning(string target) { }

    /// <summary>A target is left out.</summary>
    protected internal virtual void OnTargetSkipped(string target) { }

    /// <summary>A target is done.</summary>
    protected internal virtual void OnTargetSucceeded(string target) { }

    /// <summary>A target failed.</summary>
    protected internal virtual void OnTargetFailed(string target) { }

    private ExecutableTarget[] With(ExecutionStatus status) =>
        [.. ExecutionPlan.Where(target => target.Status == status)];
}
