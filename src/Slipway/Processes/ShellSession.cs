using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Processes;

/// <summary>Starts a shell in a session of its own that prepares what a program needs and then becomes it: one process, one number.</summary>
internal static class ShellSession
{
    /// <summary>The variables that a program gets from us beside its own.</summary>
    public static IReadOnlyDictionary<string, string> Inherited =>
        new ProcessStartInfo()
            .Environment.Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);

    /// <summary>Starts it.</summary>
    /// <param name="script">Takes its own arguments, then the words of the command.</param>
    /// <param name="arguments">The script's own arguments.</param>
    /// <param name="command">The program.</param>
    /// <param name="holdsInput">True when its input is a pipe that ends when we end.</param>
    /// <exception cref="CommandFailedException">It could not be started.</exception>
    public static Process Start(string script, IReadOnlyList<string> arguments, Command command, bool holdsInput)
    {
        var start = new ProcessStartInfo(
            "setsid",
            ["sh", "-c", script, "sh", .. arguments, command.Program, .. command.Arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = holdsInput,
            WorkingDirectory = command.Folder ?? "",
        };
        foreach (var name in command.Without)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in command.Variables)
        {
            start.Environment[name] = value.Reveal();
        }

        try
        {
#pragma warning disable RS0030 // The process runner waits for what it starts; this must not.
            return Process.Start(start)!;
#pragma warning restore RS0030
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new CommandFailedException(
                command,
                null,
                $"could not be started: {exception.Message}",
                "put setsid (util-linux) and sh on PATH"
                    + (command.Folder is null ? "" : $", and see that the folder {command.Folder} exists")
            );
        }
    }

    /// <summary>Makes sure that a file is there, and that only its owner may read it when it is new.</summary>
    public static void OwnerOnly(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, options).Dispose();
    }
}
