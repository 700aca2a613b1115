using System.Linq.Expressions;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Nuke.Common.ValueInjection;

namespace Nuke.Common;

/// <summary>Base of a build: its properties of type <see cref="Target"/> are what can be run.</summary>
public abstract class NukeBuild : INukeBuild
{
    /// <summary>The folder that holds <c>.nuke</c>.</summary>
    public static AbsolutePath RootDirectory => EngineSession.Current.Root;

    /// <summary>The folder for files that may be lost, <c>.nuke/temp</c>; it is made when asked for.</summary>
    public static AbsolutePath TemporaryDirectory => (RootDirectory / ".nuke" / "temp").CreateDirectory();

    /// <summary>The executable of the build.</summary>
    public static AbsolutePath? BuildAssemblyFile => EngineSession.Current.Input.AssemblyFile;

    /// <summary>The folder of the build's executable.</summary>
    public static AbsolutePath? BuildAssemblyDirectory => BuildAssemblyFile?.Parent;

    /// <summary>The project of the build, <c>build/*.csproj</c> below the root, or null.</summary>
    public static AbsolutePath? BuildProjectFile => BuildProjectDirectory?.GetFiles("*.csproj").FirstOrDefault();

    /// <summary>The folder <c>build</c> below the root, or null.</summary>
    public static AbsolutePath? BuildProjectDirectory => (RootDirectory / "build").ExistingDirectory();

    /// <summary>How much is logged to the console.</summary>
    public static Verbosity Verbosity
    {
        get => EngineSession.Current.Verbosity;
        set => EngineSession.Current.Verbosity = value;
    }

    /// <summary>Where the build runs.</summary>
    public static Host Host
    {
        get => EngineSession.Current.Host;
        set => EngineSession.Current.Host = value;
    }

    /// <summary>The profiles of parameter files in force.</summary>
    public static IReadOnlyCollection<string> LoadedLocalProfiles =>
        EngineSession.Current.Parameters?.Options.Profile ?? [];

    /// <summary>Whether no build server runs it.</summary>
    public static bool IsLocalBuild => !IsServerBuild;

    /// <summary>Whether a build server runs it.</summary>
    public static bool IsServerBuild => Host is IBuildServer;

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; internal set; } = [];

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => [.. ExecutionPlan.Where(target => target.Invoked)];

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => In(ExecutionStatus.Skipped);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => In(ExecutionStatus.Scheduled);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => In(ExecutionStatus.Running);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => In(ExecutionStatus.Aborted);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => In(ExecutionStatus.Failed);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => In(ExecutionStatus.Succeeded);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets =>
        [
            .. ExecutionPlan.Where(target =>
                target.Status is not (ExecutionStatus.None or ExecutionStatus.Scheduled or ExecutionStatus.Running)
            ),
        ];

    /// <inheritdoc />
    public bool IsSucceeding => !IsFailing;

    /// <inheritdoc />
    public bool IsFailing =>
        ExecutionPlan.Any(target =>
            target.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun
        );

    /// <inheritdoc />
    public bool IsFinished =>
        ExecutionPlan.All(target => target.Status is not (ExecutionStatus.Scheduled or ExecutionStatus.Running));

    /// <inheritdoc />
    public int? ExitCode { get; set; }

    /// <inheritdoc />
    public bool Plan => EngineSession.Current.Parameters?.Options.Plan ?? false;

    /// <inheritdoc />
    public bool Help => EngineSession.Current.Parameters?.Options.Help ?? false;

    /// <inheritdoc />
    public bool NoLogo
    {
        get => field || (EngineSession.Current.Parameters?.Options.NoLogo ?? false);
        set;
    }

    /// <inheritdoc />
    public bool Continue => EngineSession.Current.Parameters?.Options.Continue ?? false;

    /// <inheritdoc />
    public Partition Partition => EngineSession.Current.Parameters?.Options.Partition ?? Partition.Single;

    AbsolutePath INukeBuild.RootDirectory => RootDirectory;

    AbsolutePath INukeBuild.TemporaryDirectory => TemporaryDirectory;

    AbsolutePath? INukeBuild.BuildAssemblyFile => BuildAssemblyFile;

    AbsolutePath? INukeBuild.BuildAssemblyDirectory => BuildAssemblyDirectory;

    AbsolutePath? INukeBuild.BuildProjectDirectory => BuildProjectDirectory;

    AbsolutePath? INukeBuild.BuildProjectFile => BuildProjectFile;

    Verbosity INukeBuild.Verbosity => Verbosity;

    Host INukeBuild.Host => Host;

    bool INukeBuild.IsLocalBuild => IsLocalBuild;

    bool INukeBuild.IsServerBuild => IsServerBuild;

    internal IReadOnlyList<ExecutableTarget> ExecutableTargets { get; set; } = [];

    internal BuildEvents? Events { get; set; }

    /// <inheritdoc />
    public void ReportSummary(Configure<Dictionary<string, string>>? configurator = null)
    {
        var target = ExecutionPlan.Single(target => target.Status == ExecutionStatus.Running);
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        target.SummaryInformation = configurator?.Invoke(pairs) ?? pairs;
        Events?.SummaryUpdated(target);
    }

    /// <inheritdoc />
    public T? TryGetValue<T>(Expression<Func<T?>> parameterExpression)
        where T : class => (T?)ValueOf(parameterExpression);

    /// <inheritdoc />
    public T? TryGetValue<T>(Expression<Func<object?>> parameterExpression) =>
        ValueOf(parameterExpression) is T value ? value : default;

    /// <summary>Runs the build.</summary>
    /// <typeparam name="T">The build.</typeparam>
    /// <param name="defaultTargets">What runs when no target is named; without any, help is printed.</param>
    /// <returns>The exit code of the process.</returns>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargets)
        where T : NukeBuild, new() => BuildRunner.Run(EngineSession.Current, () => new T(), defaultTargets);

    /// <summary>Called when the parameters are set and before the plan is made.</summary>
    protected internal virtual void OnBuildCreated() { }

    /// <summary>Called when the plan is made and nothing has run.</summary>
    protected internal virtual void OnBuildInitialized() { }

    /// <summary>Called at the very end, after the table.</summary>
    protected internal virtual void OnBuildFinished() { }

    /// <summary>Called before a target runs.</summary>
    /// <param name="target">Its name.</param>
    protected internal virtual void OnTargetRunning(string target) { }

    /// <summary>Called when a target is skipped at its turn.</summary>
    /// <param name="target">Its name.</param>
    protected internal virtual void OnTargetSkipped(string target) { }

    /// <summary>Called when a target has run to its end.</summary>
    /// <param name="target">Its name.</param>
    protected internal virtual void OnTargetSucceeded(string target) { }

    /// <summary>Called when a target has failed or was aborted.</summary>
    /// <param name="target">Its name.</param>
    protected internal virtual void OnTargetFailed(string target) { }

    private static object? ValueOf(LambdaExpression parameterExpression) =>
        EngineSession.Current.Parameters?.ValueOf(MemberExpressions.MemberOf(parameterExpression));

    private ExecutableTarget[] In(ExecutionStatus status) =>
        [.. ExecutionPlan.Where(target => target.Status == status)];
}
