namespace Slipway.Drivers.Tests.Support;

/// <summary>Tests of what the whole process shares: its memory, its clock.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
