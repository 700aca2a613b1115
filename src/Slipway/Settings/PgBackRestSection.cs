using System.Text.RegularExpressions;

namespace Slipway.Settings;

/// <summary>Reads how an environment file wants its server to be backed up with pgBackRest.</summary>
/// <param name="environment">Name of the environment.</param>
/// <param name="section">The section <c>backup.pgBackRest</c>.</param>
internal sealed partial class PgBackRestSection(string environment, JsonSection section)
{
    /// <summary>The settings; null when the file has no such section.</summary>
    /// <param name="port">Port of the database's address.</param>
    public ServerBackupSettings? Read(int port)
    {
        var stanza = Stanza();
        var dataFolder = Folder("dataFolder", null);
        if (section.Exists && dataFolder is null && !section.Has("dataFolder"))
        {
            section.Bad("dataFolder", null, "is missing", "take it from: SHOW data_directory");
        }

        var folder = Folder("folder", $"/var/lib/pgbackrest/{stanza}");
        var settings = new ServerBackupSettings
        {
            Stanza = stanza,
            DataFolder = dataFolder ?? "",
            Repository = Folder("repository", null),
            AuthorityFile = Folder("authorityFile", null),
            Folder = folder ?? "",
            ScratchFolder = Folder("scratchFolder", $"{folder}/scratch") ?? "",
            SocketFolder = Folder("socketFolder", "/var/run/postgresql") ?? "",
            Port = section.Integer("port", port, 1, 65535),
            User = section.Text("user", "postgres") ?? "",
            KeepFull = section.Integer("keepFull", 2, 1, 1000),
            KeepDifferential = section.Integer("keepDiff", 0, 0, 1000),
            Interval = section.Span("interval", TimeSpan.FromSeconds(60)),
            SegmentMebibytes = section.Integer("walSegment", 16, 1, 1024),
            Processes = section.Integer("processes", 2, 1, 128),
            PreloadLibraries = section.Words("preload"),
        };
        return section.Exists ? settings : null;
    }

    private string Stanza()
    {
        var stanza = section.Text("stanza", environment) ?? environment;
        if (section.Exists && !StanzaPattern().IsMatch(stanza))
        {
            section.Bad("stanza", stanza, "is not of letters, digits, _ and -", "write a name such as shop");
        }

        return stanza;
    }

    // These paths stand in pgBackRest's configuration and in a command of the server.
    private string? Folder(string name, string? fallback)
    {
        var path = section.Text(name, fallback);
        if (section.Has(name) && path is { Length: > 0 } && !PathPattern().IsMatch(path))
        {
            section.Bad(
                name,
                path,
                "is not an absolute path of letters, digits, spaces and _ - . + , @ = : ~",
                "write the whole path, beginning with /"
            );
        }

        return path;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex StanzaPattern();

    [GeneratedRegex(@"^/[A-Za-z0-9_\-.+,@=:~ /]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PathPattern();
}
