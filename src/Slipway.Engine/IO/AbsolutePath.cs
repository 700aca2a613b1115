using System.Diagnostics.CodeAnalysis;

namespace Nuke.Common.IO;

/// <summary>A normalized absolute path, joined with <c>/</c>.</summary>
public sealed class AbsolutePath : IAbsolutePathHolder, IEquatable<AbsolutePath>, IFormattable
{
    private readonly string _path;

    private AbsolutePath(string path) => _path = path;

    /// <summary>The name of the file or folder.</summary>
    public string Name => System.IO.Path.GetFileName(_path);

    /// <summary>The name without its last extension.</summary>
    public string NameWithoutExtension => System.IO.Path.GetFileNameWithoutExtension(_path);

    /// <summary>The last extension with its dot, or an empty text.</summary>
    public string Extension => System.IO.Path.GetExtension(_path);

    /// <summary>The folder it is in, or null at the root.</summary>
    public AbsolutePath? Parent => System.IO.Path.GetDirectoryName(_path) is { } parent ? new(parent) : null;

    AbsolutePath IAbsolutePathHolder.Path => this;

    /// <summary>Makes a path of a text that is absolute.</summary>
    /// <param name="path">The text, or null.</param>
    [return: NotNullIfNotNull(nameof(path))]
    public static implicit operator AbsolutePath?(string? path) => path is null ? null : Create(path);

    /// <summary>Gives the text of a path.</summary>
    /// <param name="path">The path, or null.</param>
    [return: NotNullIfNotNull(nameof(path))]
    public static implicit operator string?(AbsolutePath? path) => path?._path;

    /// <summary>Goes down, or up with <c>".."</c>.</summary>
    /// <param name="left">Where to start.</param>
    /// <param name="right">The relative path.</param>
    [return: NotNullIfNotNull(nameof(left))]
    public static AbsolutePath? operator /(AbsolutePath? left, string? right) =>
        left is null ? null : Create(System.IO.Path.Combine(left._path, right ?? ""));

    /// <summary>Goes up one folder, written <c>path / ..</c>.</summary>
    /// <param name="left">Where to start.</param>
    /// <param name="range">Only <c>..</c>.</param>
    public static AbsolutePath? operator /(AbsolutePath? left, Range range)
    {
        Assert.True(range.Equals(Range.All), "Only '..' goes up");
        return left?.Parent;
    }

    /// <summary>Adds text to the name.</summary>
    /// <param name="left">The path.</param>
    /// <param name="right">The text.</param>
    [return: NotNullIfNotNull(nameof(left))]
    public static AbsolutePath? operator +(AbsolutePath? left, string? right) =>
        left is null ? null : Create(left._path + right);

    /// <summary>Whether two paths are the same.</summary>
    /// <param name="left">One path.</param>
    /// <param name="right">The other path.</param>
    public static bool operator ==(AbsolutePath? left, AbsolutePath? right) => Equals(left, right);

    /// <summary>Whether two paths differ.</summary>
    /// <param name="left">One path.</param>
    /// <param name="right">The other path.</param>
    public static bool operator !=(AbsolutePath? left, AbsolutePath? right) => !Equals(left, right);

    /// <summary>Makes a path of a text that is absolute.</summary>
    /// <param name="path">The text.</param>
    /// <exception cref="ArgumentException">The text is not an absolute path.</exception>
    public static AbsolutePath Create(string path)
    {
        if (!System.IO.Path.IsPathFullyQualified(path))
        {
            throw new ArgumentException($"Path '{path}' must be absolute", nameof(path));
        }

        return new(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
    }

    /// <inheritdoc />
    public bool Equals(AbsolutePath? other) => other is not null && string.Equals(_path, other._path, Comparison());

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as AbsolutePath);

    /// <inheritdoc />
    public override int GetHashCode() => _path.GetHashCode(Comparison());

    /// <inheritdoc />
    public override string ToString() => _path;

    /// <summary>The text, in quotes as the format says.</summary>
    /// <param name="format">One of the letters; null or <c>n</c> means no quotes.</param>
    public string ToString(string? format) => ToString(format, formatProvider: null);

    /// <summary>The text, in quotes: <c>d</c> double, <c>dn</c> double when needed, <c>s</c> single, <c>sn</c> single when needed.</summary>
    /// <param name="format">One of the letters; null or <c>n</c> means no quotes.</param>
    /// <param name="formatProvider">Not used.</param>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        var needed = _path.Contains(' ', StringComparison.Ordinal);
        return format switch
        {
            "d" => $"\"{_path}\"",
            "dn" => needed ? $"\"{_path}\"" : _path,
            "s" => $"'{_path}'",
            "sn" => needed ? $"'{_path}'" : _path,
            null or "" or "n" => _path,
            _ => throw new FormatException($"Format '{format}' is not one of d, dn, s, sn, n"),
        };
    }

    private static StringComparison Comparison() =>
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
}
