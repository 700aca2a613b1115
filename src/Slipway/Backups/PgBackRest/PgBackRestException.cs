using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>pgBackRest failed, or what it says cannot be relied on.</summary>
/// <param name="operation">What it was doing, such as <c>backup</c>.</param>
/// <param name="stanza">Of which server.</param>
/// <param name="code">Its exit code, see <c>src/build/error/error.yaml</c> of pgBackRest; 0 when it claimed success.</param>
/// <param name="detail">What happened.</param>
/// <param name="hint">What to do.</param>
/// <param name="exitCode">The exit code of a run that ends with this error.</param>
public sealed class PgBackRestException(
    string operation,
    string stanza,
    int code,
    string detail,
    string hint,
    ExitCode exitCode = ExitCode.Failed
) : SlipwayException($"pgBackRest {operation} of {stanza}: {detail}", hint, exitCode)
{
    /// <summary>What it was doing.</summary>
    public string Operation { get; } = operation;

    /// <summary>The name of the server.</summary>
    public string Stanza { get; } = stanza;

    /// <summary>pgBackRest's exit code; 0 when it claimed success.</summary>
    public int Code { get; } = code;

    /// <summary>What happened.</summary>
    public string Detail { get; } = detail;
}
