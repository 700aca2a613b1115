using Slipway.Settings;

namespace Slipway.Processes;

/// <summary>A command could not be started, failed, or took too long.</summary>
public sealed class CommandFailedException(Command command, CommandResult? result, string what, string hint)
    : SlipwayException($"{command} {what}", hint)
{
    /// <summary>The command.</summary>
    public Command Command { get; } = command;

    /// <summary>What it left behind; null when it never started.</summary>
    public CommandResult? Result { get; } = result;
}
