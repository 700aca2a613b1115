using System.Globalization;

namespace Slipway.Processes;

/// <summary>Finds out who listens on a port, as far as /proc tells.</summary>
internal static class PortHolder
{
    private const string Listening = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The process in words, such as <c>process 1234 (nginx)</c>; another program when it cannot be seen.</summary>
    public static string Of(int port)
    {
        var sockets = Tables
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 9 && words[3] == Listening && Port(words[1]) == port)
            .Select(words => $"socket:[{words[9]}]")
            .ToHashSet(StringComparer.Ordinal);
        var holder =
            sockets.Count == 0
                ? null
                : Directory
                    .EnumerateDirectories("/proc")
                    .FirstOrDefault(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Holds(folder, sockets));
        return holder is null ? "another program" : $"process {Path.GetFileName(holder)} ({Name(holder)})";
    }

    private static int Port(string address) =>
        int.TryParse(address.Split(':')[^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port)
            ? port
            : 0;

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory
                .EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Name(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (IOException)
        {
            return "which has ended since";
        }
    }
}
