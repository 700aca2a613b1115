namespace Nuke.Common.IO;

/// <summary>A path from the root of the file system.</summary>
public sealed class AbsolutePath : IEquatable<AbsolutePath>
{
    private readonly string _path;

    private AbsolutePath(string path) => _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>Name of the file or folder.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>The folder that holds it; null at the root.</summary>
    public AbsolutePath? Parent => Path.GetDirectoryName(_path) is { } parent ? new(parent) : null;

    /// <summary>Takes a path as it is written.</summary>
    public static implicit operator AbsolutePath?(string? path) =>
        path is null ? null
        : Path.IsPathRooted(path) ? new(path)
        : throw new ArgumentException($"Path '{path}' must be absolute", nameof(path));

    /// <summary>The path as text.</summary>
    public static implicit operator string?(AbsolutePath? path) => path?._path;

    /// <summary>A path below this one.</summary>
    public static AbsolutePath operator /(AbsolutePath left, string right) => new(Path.Combine(left._path, right));

    /// <summary>True when both are the same path.</summary>
    public static bool operator ==(AbsolutePath? left, AbsolutePath? right) => Equals(left, right);

    /// <summary>True when they are different paths.</summary>
    public static bool operator !=(AbsolutePath? left, AbsolutePath? right) => !Equals(left, right);

    /// <summary>Takes a path as it is written.</summary>
    public static AbsolutePath Create(string path) => new(path);

    /// <inheritdoc />
    public bool Equals(AbsolutePath? other) => string.Equals(_path, other?._path, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as AbsolutePath);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_path);

    /// <inheritdoc />
    public override string ToString() => _path;
}
