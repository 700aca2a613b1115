using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Tells the build and its extension attributes what happens; attributes by priority, then the build itself.</summary>
internal sealed class BuildEvents
{
    private readonly NukeBuild _build;
    private readonly IReadOnlyList<IBuildExtension> _extensions;

    public BuildEvents(NukeBuild build)
    {
        _build = build;
        var type = build.GetType();
        var attributes = type.GetCustomAttributes<BuildExtensionAttributeBase>(inherit: true)
            .Concat(
                type.GetInterfaces()
                    .SelectMany(component => component.GetCustomAttributes<BuildExtensionAttributeBase>(inherit: false))
            )
            .ToList();
        attributes.ForEach(attribute => attribute.Build = build);
        _extensions = [.. attributes.OrderByDescending(attribute => attribute.Priority)];
    }

    public void Created()
    {
        Each<IOnBuildCreated>(extension => extension.OnBuildCreated(_build.ExecutableTargets));
        _build.OnBuildCreated();
    }

    /// <summary>Tells of the plan; when only the plan is wanted, just the extensions that come before NUKE shows it.</summary>
    public void Initialized(IReadOnlyCollection<ExecutableTarget> plan)
    {
        const float planPriority = 10;
        Each<IOnBuildInitialized>(extension =>
        {
            if (!_build.Plan || extension.Priority > planPriority)
            {
                extension.OnBuildInitialized(_build.ExecutableTargets, plan);
            }
        });
        if (!_build.Plan)
        {
            _build.OnBuildInitialized();
        }
    }

    public void Running(ExecutableTarget target)
    {
        Each<IOnTargetRunning>(extension => extension.OnTargetRunning(target));
        _build.OnTargetRunning(target.Name);
    }

    public void Skipped(ExecutableTarget target)
    {
        Each<IOnTargetSkipped>(extension => extension.OnTargetSkipped(target));
        _build.OnTargetSkipped(target.Name);
    }

    public void Succeeded(ExecutableTarget target)
    {
        Each<IOnTargetSucceeded>(extension => extension.OnTargetSucceeded(target));
        _build.OnTargetSucceeded(target.Name);
    }

    public void Failed(ExecutableTarget target)
    {
        Each<IOnTargetFailed>(extension => extension.OnTargetFailed(target));
        _build.OnTargetFailed(target.Name);
    }

    public void SummaryUpdated(ExecutableTarget target) =>
        Each<IOnTargetSummaryUpdated>(extension => extension.OnTargetSummaryUpdated(_build, target));

    public void Finished()
    {
        Each<IOnBuildFinished>(extension => extension.OnBuildFinished());
        _build.OnBuildFinished();
    }

    private void Each<T>(Action<T> action)
    {
        foreach (var extension in _extensions.OfType<T>())
        {
            action(extension);
        }
    }
}
