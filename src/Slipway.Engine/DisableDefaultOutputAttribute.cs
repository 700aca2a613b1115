namespace Nuke.Common;

/// <summary>Switches parts of the engine's own output off; without arguments all of them.</summary>
/// <param name="disabledOutputs">The parts.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true)]
public sealed class DisableDefaultOutputAttribute(params DefaultOutput[] disabledOutputs) : Attribute
{
    /// <summary>The parts that are off.</summary>
    public DefaultOutput[] DisabledOutputs { get; } =
        disabledOutputs.Length == 0 ? Enum.GetValues<DefaultOutput>() : disabledOutputs;
}
