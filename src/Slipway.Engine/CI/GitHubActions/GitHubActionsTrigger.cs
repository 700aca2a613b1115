namespace Nuke.Common.CI.GitHubActions;

/// <summary>An event that starts a workflow.</summary>
public enum GitHubActionsTrigger
{
    /// <summary>A push.</summary>
    Push,

    /// <summary>A pull request.</summary>
    PullRequest,

    /// <summary>A person.</summary>
    WorkflowDispatch,
}
