namespace Slipway.Benchmarks;

/// <summary>What one run took.</summary>
/// <param name="Wall">From start to end.</param>
/// <param name="Memory">Peak resident memory of the program itself, without its children, in bytes.</param>
/// <param name="Cpu">Processor time of the program and its children.</param>
/// <param name="ServerCpu">Processor time of the database server; zero when none takes part.</param>
public sealed record Measured(TimeSpan Wall, long Memory, TimeSpan Cpu, TimeSpan ServerCpu);
