namespace Nuke.Common.Tooling;

/// <summary>One line that a process has written.</summary>
public struct Output : IEquatable<Output>
{
    /// <summary>The stream.</summary>
    public OutputType Type { get; set; }

    /// <summary>The line, without its end.</summary>
    public string Text { get; set; }

    /// <summary>Whether two lines are the same.</summary>
    /// <param name="left">One line.</param>
    /// <param name="right">The other line.</param>
    public static bool operator ==(Output left, Output right) => left.Equals(right);

    /// <summary>Whether two lines differ.</summary>
    /// <param name="left">One line.</param>
    /// <param name="right">The other line.</param>
    public static bool operator !=(Output left, Output right) => !left.Equals(right);

    /// <inheritdoc />
    public readonly bool Equals(Output other) =>
        Type == other.Type && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc />
    public override readonly bool Equals(object? obj) => obj is Output other && Equals(other);

    /// <inheritdoc />
    public override readonly int GetHashCode() => HashCode.Combine(Type, Text);

    /// <inheritdoc />
    public override readonly string ToString() => Text;
}
