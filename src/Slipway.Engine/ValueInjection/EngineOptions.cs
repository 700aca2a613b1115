using Nuke.Common.CI;

namespace Nuke.Common.ValueInjection;

/// <summary>The engine's own parameters.</summary>
internal sealed class EngineOptions
{
    public const string Separator = "+";

    [Parameter("List of targets to be invoked. Default is '{default_target}'.", Separator = Separator)]
    public string[] Target { get; set; } = [];

    [Parameter(
        "List of targets to be skipped. Empty list skips all dependencies. Assured targets are never skipped.",
        Separator = Separator
    )]
    public string[]? Skip { get; set; }

    [Parameter("Continues a previously failed run: targets that succeeded are left out.")]
    public bool Continue { get; set; }

    [Parameter("Shows the execution plan and why each target is in it, and runs nothing.")]
    public bool Plan { get; set; }

    [Parameter("Shows this help.")]
    public bool Help { get; set; }

    [Parameter("Leaves the header line out.")]
    public bool NoLogo { get; set; }

    [Parameter("Host for execution. Default is 'automatic'.")]
    public string? Host { get; set; }

    [Parameter("Logging verbosity during build execution. Default is 'Normal'.")]
    public Verbosity? Verbosity { get; set; }

    [Parameter("Defines the profiles to load.", Separator = ",")]
    public string[] Profile { get; set; } = [];

    [Parameter("Root directory during build execution.")]
    public string? Root { get; set; }

    [Parameter("Part of a split run, as in 2/5.", List = false, Name = "Partition")]
    public string? PartitionText { get; set; }

    public Partition Partition =>
        PartitionText is { } text ? Partition.TryParse(text) ?? Partition.Single : Partition.Single;
}
