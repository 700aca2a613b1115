namespace Slipway.EndToEnd.Tests.Support;

/// <summary>What a run of build.sh left behind.</summary>
public sealed record Outcome(int ExitCode, string Output);
