namespace Nuke.Common;

/// <summary>The coarse level of a message.</summary>
public enum LogLevel
{
    /// <summary>Details.</summary>
    Trace,

    /// <summary>Information.</summary>
    Normal,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>An error.</summary>
    Error,
}
