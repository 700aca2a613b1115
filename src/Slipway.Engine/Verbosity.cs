namespace Nuke.Common;

/// <summary>How much is logged to the console; the log file always has everything.</summary>
public enum Verbosity
{
    /// <summary>Everything.</summary>
    Verbose,

    /// <summary>Debug messages and above.</summary>
    Normal,

    /// <summary>Warnings and errors.</summary>
    Minimal,

    /// <summary>Errors only.</summary>
    Quiet,
}
