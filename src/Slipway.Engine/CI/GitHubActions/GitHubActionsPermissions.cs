namespace Nuke.Common.CI.GitHubActions;

/// <summary>What the token of a job may reach.</summary>
public enum GitHubActionsPermissions
{
    /// <summary>The scope <c>actions</c>.</summary>
    Actions,

    /// <summary>The scope <c>checks</c>.</summary>
    Checks,

    /// <summary>The scope <c>contents</c>.</summary>
    Contents,

    /// <summary>The scope <c>deployments</c>.</summary>
    Deployments,

    /// <summary>The scope <c>id-token</c>.</summary>
    IdToken,

    /// <summary>The scope <c>issues</c>.</summary>
    Issues,

    /// <summary>The scope <c>discussions</c>.</summary>
    Discussions,

    /// <summary>The scope <c>packages</c>.</summary>
    Packages,

    /// <summary>The scope <c>pages</c>.</summary>
    Pages,

    /// <summary>The scope <c>pull-requests</c>.</summary>
    PullRequests,

    /// <summary>The scope <c>repository-projects</c>.</summary>
    RepositoryProjects,

    /// <summary>The scope <c>security-events</c>.</summary>
    SecurityEvents,

    /// <summary>The scope <c>statuses</c>.</summary>
    Statuses,
}
