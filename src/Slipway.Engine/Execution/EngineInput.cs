using System.Text;

#pragma warning disable RS0030 // The engine's one door to the process: arguments, environment, console.

namespace Nuke.Common.Execution;

/// <summary>Everything a run takes from the process it lives in.</summary>
internal sealed record EngineInput
{
    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string WorkingDirectory { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public bool IsTerminal { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string? AssemblyFile { get; init; }

    public int ProcessId { get; init; }

    public string? Variable(string name) => Variables.GetValueOrDefault(name);

    /// <summary>What the command line gives for a parameter; empty without a value, null when it is not there.</summary>
    public string? OnCommandLine(string parameter)
    {
        for (var index = 0; index < Arguments.Count; index++)
        {
            var word = Arguments[index];
            if (word.StartsWith($"--{parameter}=", StringComparison.OrdinalIgnoreCase))
            {
                return word[(parameter.Length + 3)..];
            }

            if (word.StartsWith('-') && word.TrimStart('-').Equals(parameter, StringComparison.OrdinalIgnoreCase))
            {
                var next = index + 1 < Arguments.Count ? Arguments[index + 1] : "-";
                return next.StartsWith('-') ? "" : next;
            }
        }

        return null;
    }

    public static EngineInput OfProcess() =>
        new()
        {
            Arguments = Environment.GetCommandLineArgs()[1..],
            Variables = EnvironmentInfo.Variables,
            WorkingDirectory = Directory.GetCurrentDirectory(),
            // Own writers, because the console's would first load what it knows of terminals.
            Output = Writer(Console.OpenStandardOutput()),
            Error = Writer(Console.OpenStandardError()),
            IsTerminal = !Console.IsOutputRedirected,
            AssemblyFile = Environment.ProcessPath,
            ProcessId = Environment.ProcessId,
        };

    public static void Redirect(TextWriter output, TextWriter error)
    {
        Console.SetOut(output);
        Console.SetError(error);
    }

    private static StreamWriter Writer(Stream stream)
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        return new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
    }
}
