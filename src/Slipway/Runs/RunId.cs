using System.Globalization;
using System.Security.Cryptography;

namespace Slipway.Runs;

/// <summary>Names a run; sorts by start time.</summary>
public readonly record struct RunId(string Value)
{
    /// <summary>Makes a new one, such as <c>20260131T101500Z-4f2a</c>.</summary>
    public static RunId New(TimeProvider time) =>
        new(
            time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)
                + $"-{RandomNumberGenerator.GetHexString(4, lowercase: true)}"
        );

    /// <inheritdoc />
    public override string ToString() => Value;
}
