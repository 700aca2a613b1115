using System.Linq.Expressions;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>What a component sees of the build it belongs to.</summary>
public interface INukeBuild
{
    /// <summary>The targets that run, in order.</summary>
    IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; }

    /// <summary>The targets named by the caller.</summary>
    IReadOnlyCollection<ExecutableTarget> InvokedTargets { get; }

    /// <summary>The targets that were skipped.</summary>
    IReadOnlyCollection<ExecutableTarget> SkippedTargets { get; }

    /// <summary>The targets that have yet to run.</summary>
    IReadOnlyCollection<ExecutableTarget> ScheduledTargets { get; }

    /// <summary>The targets that are running.</summary>
    IReadOnlyCollection<ExecutableTarget> RunningTargets { get; }

    /// <summary>The targets that were stopped.</summary>
    IReadOnlyCollection<ExecutableTarget> AbortedTargets { get; }

    /// <summary>The targets that failed.</summary>
    IReadOnlyCollection<ExecutableTarget> FailedTargets { get; }

    /// <summary>The targets that ran to their end.</summary>
    IReadOnlyCollection<ExecutableTarget> SucceededTargets { get; }

    /// <summary>The targets that are over, whatever came of them.</summary>
    IReadOnlyCollection<ExecutableTarget> FinishedTargets { get; }

    /// <summary>Whether nothing has failed.</summary>
    bool IsSucceeding { get; }

    /// <summary>Whether a target has failed, was aborted or could not run.</summary>
    bool IsFailing { get; }

    /// <summary>Whether no target is left to run.</summary>
    bool IsFinished { get; }

    /// <summary>The exit code of the process; null leaves it to the outcome.</summary>
    int? ExitCode { get; set; }

    /// <summary>The folder that holds <c>.nuke</c>.</summary>
    AbsolutePath RootDirectory { get; }

    /// <summary>The folder for files that may be lost, <c>.nuke/temp</c>.</summary>
    AbsolutePath TemporaryDirectory { get; }

    /// <summary>The assembly of the build.</summary>
    AbsolutePath? BuildAssemblyFile { get; }

    /// <summary>The folder of the build's assembly.</summary>
    AbsolutePath? BuildAssemblyDirectory { get; }

    /// <summary>The folder of the build's project, or null.</summary>
    AbsolutePath? BuildProjectDirectory { get; }

    /// <summary>The project of the build, or null.</summary>
    AbsolutePath? BuildProjectFile { get; }

    /// <summary>How much is logged to the console.</summary>
    Verbosity Verbosity { get; }

    /// <summary>Where the build runs.</summary>
    Host Host { get; }

    /// <summary>Whether the plan was asked for.</summary>
    bool Plan { get; }

    /// <summary>Whether help was asked for.</summary>
    bool Help { get; }

    /// <summary>Whether the header line is left out.</summary>
    bool NoLogo { get; }

    /// <summary>Whether no build server runs it.</summary>
    bool IsLocalBuild { get; }

    /// <summary>Whether a build server runs it.</summary>
    bool IsServerBuild { get; }

    /// <summary>Whether targets that succeeded in the run before are left out.</summary>
    bool Continue { get; }

    /// <summary>The part of a split run.</summary>
    Partition Partition { get; }

    /// <summary>Adds evidence to the running target's line of the table.</summary>
    /// <param name="configurator">Adds pairs.</param>
    void ReportSummary(Configure<Dictionary<string, string>>? configurator = null);

    /// <summary>The given value of a parameter, or null.</summary>
    /// <typeparam name="T">The parameter's type.</typeparam>
    /// <param name="parameterExpression">The parameter.</param>
    T? TryGetValue<T>(Expression<Func<T?>> parameterExpression)
        where T : class;

    /// <summary>The given value of a parameter, or the default of the type.</summary>
    /// <typeparam name="T">The parameter's type.</typeparam>
    /// <param name="parameterExpression">The parameter.</param>
    T? TryGetValue<T>(Expression<Func<object?>> parameterExpression);
}
