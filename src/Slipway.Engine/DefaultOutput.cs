namespace Nuke.Common;

/// <summary>The parts of the engine's own output that can be switched off.</summary>
public enum DefaultOutput
{
    /// <summary>The header line.</summary>
    Logo,

    /// <summary>The box with a target's name.</summary>
    TargetHeader,

    /// <summary>The group on a build server that holds a target's output.</summary>
    TargetCollapse,

    /// <summary>The repeated warnings and errors at the end.</summary>
    ErrorsAndWarnings,

    /// <summary>The table of targets.</summary>
    TargetOutcome,

    /// <summary>The last line.</summary>
    BuildOutcome,

    /// <summary>The time before every message.</summary>
    Timestamps,
}
