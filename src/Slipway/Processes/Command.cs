using Slipway.Settings;

namespace Slipway.Processes;

/// <summary>A program with its arguments, not yet started.</summary>
/// <param name="Program">Name or path of the program.</param>
/// <param name="Arguments">Its arguments, one by one; no shell reads them.</param>
public sealed record Command(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables set beside the inherited ones.</summary>
    public IReadOnlyDictionary<string, Secret> Variables { get; init; } = new Dictionary<string, Secret>();

    /// <summary>Inherited variables that it does not get.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Folder to start in; null for the current one.</summary>
    public string? Folder { get; init; }

    /// <summary>How long it may run; infinite unless set.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>How long it may take to stop after the interrupt, before it is killed; default 10 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// True for a program that needs the terminal it is started from, such as sudo. Every other one gets a session of its own:
    /// it cannot ask anybody, and when it is stopped, so is everything that it started.
    /// </summary>
    public bool KeepsTerminal { get; init; }

    /// <summary>Makes a command from a program and its arguments.</summary>
    public static Command Of(string program, params IReadOnlyList<string> arguments) => new(program, arguments);

    /// <summary>The command as a person would type it; without its variables.</summary>
    public override string ToString() =>
        string.Join(' ', new[] { Program }.Concat(Arguments).Select(word => IsPlain(word) ? word : $"'{word}'"));

    private static bool IsPlain(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./:@,+%".Contains(c));
}
