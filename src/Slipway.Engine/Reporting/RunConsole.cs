using System.Globalization;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Execution;
using Serilog.Events;

namespace Nuke.Common.Reporting;

/// <summary>Everything that the engine itself writes while a run goes on.</summary>
internal sealed class RunConsole(EngineSession session, MaskingWriter writer, Ansi ansi, ISet<DefaultOutput> disabled)
{
    private const int Refused = 2;
    private readonly TimeProvider _time = session.Input.Time;

    public TextWriter Writer => writer;

    public Ansi Ansi => ansi;

    private bool IsGitHub => session.Host is GitHubActions;

    public bool Shows(DefaultOutput output) => !disabled.Contains(output);

    public void Header()
    {
        var version = typeof(RunConsole).Assembly.GetName().Version!.ToString(3);
        writer.WriteLine($"Slipway Engine {version}, NUKE 10.1 compatible");
    }

    public void BeginTarget(string name) => Begin(name, DefaultOutput.TargetHeader);

    public void EndTarget(string name)
    {
        if (IsGitHub && Shows(DefaultOutput.TargetCollapse))
        {
            writer.WriteLine(GitHubCommand.Of("endgroup", name));
        }
    }

    public void Begin(string title, DefaultOutput output)
    {
        if (IsGitHub && Shows(DefaultOutput.TargetCollapse))
        {
            writer.WriteLine(GitHubCommand.Of("group", title));
        }
        else if (!IsGitHub && Shows(output))
        {
            var upper = new string('═', title.Length + 5);
            var lower = new string('═', Math.Max(title.Length - 4, 2));
            writer.WriteLine();
            writer.WriteLine(ansi.Cyan($"╬{upper}"));
            writer.WriteLine(ansi.Cyan($"║ {title}"));
            writer.WriteLine(ansi.Cyan($"╬{lower}"));
            writer.WriteLine();
        }
    }

    /// <summary>Writes a log message; the run's log file has it in a form of its own.</summary>
    public void Log(LogEvent logEvent)
    {
        var message = MessageText.Of(logEvent);
        var facts = logEvent.Exception is { } exception ? FailureFacts.Of(exception) : null;
        if (IsGitHub && logEvent.Level >= LogEventLevel.Warning)
        {
            Annotate(logEvent.Level, message, facts);
        }
        else if (message.StartsWith("::", StringComparison.Ordinal) && IsGitHub)
        {
            writer.WriteUncopied(message);
        }
        else
        {
            writer.WriteUncopied(Prefix(logEvent) + message);
        }

        // An annotation has all that an explained failure says.
        if (facts is not null && !(IsGitHub && facts.IsExplained))
        {
            writer.WriteUncopied(session.Commands(facts.ForPerson()));
        }
    }

    /// <summary>Says why nothing was started, and returns the exit code for it.</summary>
    public int Refuse(IReadOnlyCollection<string> problems)
    {
        writer.WriteLine(ansi.Red("The build was not started:"));
        foreach (var problem in problems)
        {
            Problem(problem);
        }

        writer.WriteLine("HINT: --help lists all targets and parameters.");
        return Refused;
    }

    public void Problem(string problem)
    {
        if (IsGitHub)
        {
            writer.WriteLine(GitHubCommand.Of("error", problem));
        }
        else
        {
            writer.WriteLine("  - " + problem.Replace("\n", "\n    ", StringComparison.Ordinal));
        }
    }

    private string Prefix(LogEvent logEvent)
    {
        var level = $"[{MessageText.Level(logEvent.Level)}] ";
        var time = Shows(DefaultOutput.Timestamps)
            ? _time.GetLocalNow().ToString("HH:mm:ss ", CultureInfo.InvariantCulture)
            : "";
        return ansi.Grey(time)
            + logEvent.Level switch
            {
                >= LogEventLevel.Error => ansi.Red(level),
                LogEventLevel.Warning => ansi.Yellow(level),
                LogEventLevel.Information => level,
                _ => ansi.Grey(level),
            };
    }

    private void Annotate(LogEventLevel level, string message, FailureFacts? facts)
    {
        var location = facts?.Location();
        var text = facts is null ? message : $"{message}: {facts.Exception.Message}";
        writer.WriteUncopied(
            GitHubCommand.Of(
                level == LogEventLevel.Warning ? "warning" : "error",
                facts?.Hint is null ? text : $"{text}\nHINT: {session.Commands(facts.Hint)}",
                ("file", location is { } found ? InRepository(found.File) : null),
                ("line", location?.Line.ToString(CultureInfo.InvariantCulture)),
                ("title", facts is null ? null : session.RunningTarget)
            )
        );
    }

    private string InRepository(string file)
    {
        var root = $"{session.Root}{Path.DirectorySeparatorChar}";
        return (file.StartsWith(root, StringComparison.Ordinal) ? file[root.Length..] : file).Replace('\\', '/');
    }
}
