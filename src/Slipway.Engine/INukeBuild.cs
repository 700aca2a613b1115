using Nuke.Common.Execution;
using Nuke.Common.IO;

namespace Nuke.Common;

/// <summary>A build, as its components see it.</summary>
public interface INukeBuild
{
    /// <summary>Folder that holds <c>.nuke</c>.</summary>
    AbsolutePath RootDirectory { get; }

    /// <summary>Folder for temporary files, <c>.nuke/temp</c>.</summary>
    AbsolutePath TemporaryDirectory { get; }

    /// <summary>The targets that run, in order.</summary>
    IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; }

    /// <summary>The targets that were named.</summary>
    IReadOnlyCollection<ExecutableTarget> InvokedTargets { get; }

    /// <summary>The targets that failed.</summary>
    IReadOnlyCollection<ExecutableTarget> FailedTargets { get; }

    /// <summary>The targets that succeeded.</summary>
    IReadOnlyCollection<ExecutableTarget> SucceededTargets { get; }

    /// <summary>True while nothing has failed.</summary>
    bool IsSucceeding { get; }

    /// <summary>True once something failed.</summary>
    bool IsFailing { get; }

    /// <summary>Exit code that overrides the engine's own.</summary>
    int? ExitCode { get; set; }

    /// <summary>Adds evidence of the running target to the table at the end.</summary>
    void ReportSummary(Tooling.Configure<Dictionary<string, string>>? configurator = null);
}
