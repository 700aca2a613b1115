using Slipway.Settings;

namespace Slipway.Health.Hurl;

/// <summary>A Hurl file cannot be understood, or uses what is not supported.</summary>
/// <param name="path">The file.</param>
/// <param name="line">Line of the trouble, from 1.</param>
/// <param name="column">Column of the trouble, from 1.</param>
/// <param name="problem">What is wrong.</param>
/// <param name="supported">What could stand there.</param>
public sealed class HurlSyntaxException(string path, int line, int column, string problem, string supported)
    : SlipwayException($"{path}:{line}:{column}: {problem}", supported, ExitCode.BadInput)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Line of the trouble, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Column of the trouble, from 1.</summary>
    public int Column { get; } = column;
}
