namespace Slipway.Settings;

/// <summary>What a run's exit code tells its caller.</summary>
public enum ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    Done = 0,

    /// <summary>A step failed; nothing was changed, or everything was rolled back.</summary>
    Failed = 1,

    /// <summary>Parameters or settings are wrong; nothing was started.</summary>
    BadInput = 2,

    /// <summary>Refused: a blocking check, a missing approval, or a lock held by another run.</summary>
    Refused = 3,

    /// <summary>Failed, and a person has to decide; the run record says what state things are in.</summary>
    NeedsPerson = 4,

    /// <summary>Interrupted by Ctrl-C, after the assured targets ran.</summary>
    Interrupted = 130,

    /// <summary>Terminated by SIGTERM, after the assured targets ran.</summary>
    Terminated = 143,
}
