using System.Text.RegularExpressions;
using Nuke.Common.IO;
using Nuke.Common.Reporting;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>What the static members of <see cref="NukeBuild"/> stand on; NUKE's model allows one build in a process.</summary>
internal sealed class EngineSession
{
    // A command of a target that names no environment means the one that was worked on.
    private static readonly Regex WithoutEnv = new(
        @"\./build\.sh [A-Z]\w*\b(?! --env\b)",
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1)
    );

    private static EngineSession? _current;

    public EngineSession(EngineInput input)
    {
        Input = input;
        (Root, RootProblem) = RootDirectory.Find(input);
        Host = Host.Detect(input);
    }

    public static EngineSession Current => _current ??= new(EngineInput.OfProcess());

    public EngineInput Input { get; }

    public AbsolutePath Root { get; }

    public string? RootProblem { get; }

    public Host Host { get; set; }

    public Verbosity Verbosity { get; set; }

    public MaskStore Masks { get; } = new();

    public ParameterSet? Parameters { get; set; }

    public string? RunningTarget { get; set; }

    /// <summary>The run's log; null before it begins, and where it cannot be written.</summary>
    public LogFile? Log { get; set; }

    public TextWriter? Console { get; set; }

    /// <summary>What starts the build as it was started: who gave the root gives it again.</summary>
    public string Command =>
        Input.OnCommandLine("root") is { } root
            ? $"./build.sh --root {(root.Length == 0 ? "." : root.Contains(' ', StringComparison.Ordinal) ? $"'{root}'" : root)}"
            : "./build.sh";

    /// <summary>Makes commands in a text such that a person can copy them.</summary>
    public string Commands(string text) =>
        (
            Input.OnCommandLine("env") is { Length: > 0 } env ? WithoutEnv.Replace(text, $"$0 --env {env}") : text
        ).Replace("./build.sh ", $"{Command} ", StringComparison.Ordinal);

    /// <summary>Makes the session the current one; a process does this at most once, tests for every run.</summary>
    public static void Begin(EngineSession? session) => _current = session;
}
