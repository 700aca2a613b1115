namespace Nuke.Common.Execution;

/// <summary>How a target ended: without an exception it succeeded, unless it was aborted.</summary>
internal readonly record struct TargetResult(Exception? Exception, bool IsAborted, string? Reason = null);
