namespace Nuke.Common;

/// <summary>The build was called, or is written, in a way that cannot work; nothing has run.</summary>
internal sealed class UsageException(params IReadOnlyList<string> problems) : Exception(string.Join('\n', problems));
