namespace Nuke.Common.Execution;

/// <summary>The run cannot start, because of how it was called or how the build is written.</summary>
internal sealed class UsageException(params IReadOnlyList<string> problems)
    : InvalidOperationException(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
