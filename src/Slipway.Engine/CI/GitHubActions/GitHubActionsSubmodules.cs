namespace Nuke.Common.CI.GitHubActions;

/// <summary>Which submodules are checked out.</summary>
public enum GitHubActionsSubmodules
{
    /// <summary>None.</summary>
    False,

    /// <summary>The direct ones.</summary>
    True,

    /// <summary>All.</summary>
    Recursive,
}
