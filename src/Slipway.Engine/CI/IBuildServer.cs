namespace Nuke.Common.CI;

/// <summary>A host that runs builds without a person in front of it.</summary>
public interface IBuildServer
{
    /// <summary>The branch that is built, or null.</summary>
    string? Branch { get; }

    /// <summary>The commit that is built, or null.</summary>
    string? Commit { get; }
}
