namespace Nuke.Common.CI.GitHubActions;

/// <summary>Describes a workflow of GitHub Actions.</summary>
/// <remarks>It lets a build written for NUKE compile. This engine writes no workflow: that is a file of its own.</remarks>
/// <param name="name">The name of the workflow and of its file.</param>
/// <param name="image">The machine it runs on.</param>
/// <param name="images">More machines, with a job each.</param>
#pragma warning disable MA0053 // Builds may derive from it, as with NUKE.
#pragma warning disable CA1019 // The properties are NUKE's.
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class GitHubActionsAttribute(string name, GitHubActionsImage image, params GitHubActionsImage[] images)
    : ConfigurationAttributeBase
{
    /// <inheritdoc />
    public override string IdPostfix => name;

    internal IReadOnlyList<GitHubActionsImage> Images => [image, .. images];

    /// <summary>Events in their plain form.</summary>
    public GitHubActionsTrigger[] On { get; set; } = [];

    /// <summary>Branches whose pushes start it.</summary>
    public string[] OnPushBranches { get; set; } = [];

    /// <summary>Branches whose pushes do not.</summary>
    public string[] OnPushBranchesIgnore { get; set; } = [];

    /// <summary>Tags whose pushes start it.</summary>
    public string[] OnPushTags { get; set; } = [];

    /// <summary>Tags whose pushes do not.</summary>
    public string[] OnPushTagsIgnore { get; set; } = [];

    /// <summary>Paths whose changes count on a push.</summary>
    public string[] OnPushIncludePaths { get; set; } = [];

    /// <summary>Paths whose changes do not.</summary>
    public string[] OnPushExcludePaths { get; set; } = [];

    /// <summary>Target branches of pull requests that start it.</summary>
    public string[] OnPullRequestBranches { get; set; } = [];

    /// <summary>Tags of pull requests that start it.</summary>
    public string[] OnPullRequestTags { get; set; } = [];

    /// <summary>Paths whose changes count in a pull request.</summary>
    public string[] OnPullRequestIncludePaths { get; set; } = [];

    /// <summary>Paths whose changes do not.</summary>
    public string[] OnPullRequestExcludePaths { get; set; } = [];

    /// <summary>Values that a person may give.</summary>
    public string[] OnWorkflowDispatchOptionalInputs { get; set; } = [];

    /// <summary>Values that a person must give.</summary>
    public string[] OnWorkflowDispatchRequiredInputs { get; set; } = [];

    /// <summary>Secrets passed on to the build.</summary>
    public string[] ImportSecrets { get; set; } = [];

    /// <summary>Times at which it starts.</summary>
    public string? OnCronSchedule { get; set; }

    /// <summary>Whether the build gets the job's token.</summary>
    public bool EnableGitHubToken { get; set; }

    /// <summary>What the token may write.</summary>
    public GitHubActionsPermissions[] WritePermissions { get; set; } = [];

    /// <summary>What the token may read.</summary>
    public GitHubActionsPermissions[] ReadPermissions { get; set; } = [];

    /// <summary>Paths that are cached.</summary>
    public string[] CacheIncludePatterns { get; set; } = [".nuke/temp", "~/.nuget/packages"];

    /// <summary>Paths that are not.</summary>
    public string[] CacheExcludePatterns { get; set; } = [];

    /// <summary>Files whose contents name the cache.</summary>
    public string[] CacheKeyFiles { get; set; } = ["**/global.json", "**/*.csproj", "**/Directory.Packages.props"];

    /// <summary>Whether what targets produce is uploaded.</summary>
    public bool PublishArtifacts { get; set; } = true;

    /// <summary>When it is uploaded.</summary>
    public string? PublishCondition { get; set; }

    /// <summary>Minutes after which a job is ended; 0 leaves it to GitHub.</summary>
    public int TimeoutMinutes { get; set; }

    /// <summary>The group of which one run goes on at a time.</summary>
    public string? ConcurrencyGroup { get; set; }

    /// <summary>Whether a new run ends the one before.</summary>
    public bool ConcurrencyCancelInProgress { get; set; }

    /// <summary>The group of which one job goes on at a time.</summary>
    public string? JobConcurrencyGroup { get; set; }

    /// <summary>Whether a new job ends the one before.</summary>
    public bool JobConcurrencyCancelInProgress { get; set; }

    /// <summary>The targets that run.</summary>
    public string[] InvokedTargets { get; set; } = [];

    /// <summary>Which submodules are checked out.</summary>
    public GitHubActionsSubmodules Submodules { get; set; }

    /// <summary>Whether large files are checked out.</summary>
    public bool Lfs { get; set; }

    /// <summary>How many commits are fetched; 0 fetches all.</summary>
    public uint FetchDepth { get; set; }

    /// <summary>Whether the checkout shows its progress.</summary>
    public bool Progress { get; set; }

    /// <summary>What a partial checkout leaves out.</summary>
    public string? Filter { get; set; }

    /// <summary>The environment, whose reviewers approve the job.</summary>
    public string? EnvironmentName { get; set; }

    /// <summary>Its address.</summary>
    public string? EnvironmentUrl { get; set; }
}
