using System.Diagnostics;

namespace Slipway.Settings;

/// <summary>A value that shows as [REDACTED] wherever it is printed or serialised.</summary>
[DebuggerDisplay("[REDACTED]")]
public sealed class Secret(string value) : IEquatable<Secret>
{
    private const string Redacted = "[REDACTED]";

    /// <summary>The value itself, for the one place that uses it.</summary>
    public string Reveal() => value;

    /// <inheritdoc />
    public override string ToString() => Redacted;

    /// <inheritdoc />
    public bool Equals(Secret? other) => string.Equals(value, other?.Reveal(), StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(value);
}
