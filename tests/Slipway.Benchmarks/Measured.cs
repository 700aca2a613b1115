namespace Slipway.Benchmarks;

/// <summary>What one run took.</summary>
/// <param name="Wall">From start to end.</param>
/// <param name="Memory">Peak resident memory of the program itself, without its children, in bytes.</param>
public sealed record Measured(TimeSpan Wall, long Memory);
