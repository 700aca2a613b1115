using System.Text.Json.Nodes;
using Slipway.Backups.PgBackRest;

namespace Slipway.Tests.Deploys;

/// <summary>A project whose server is backed up with pgBackRest.</summary>
internal sealed class ServerProject : DeployProject
{
    /// <summary>A project of a server.</summary>
    /// <param name="settings">How the server is backed up.</param>
    /// <param name="change">Changes the section of the environment file; null leaves it.</param>
    public ServerProject(PgBackRestSettings settings, Action<JsonObject>? change = null)
        : base($"postgresql://postgres@localhost/postgres?sslmode=disable&host={settings.SocketFolder}")
    {
        var section = new JsonObject
        {
            ["stanza"] = settings.Stanza,
            ["dataFolder"] = settings.DataFolder,
            ["repository"] = settings.Repository.Location,
            ["folder"] = settings.Folder,
            ["socketFolder"] = settings.SocketFolder,
        };
        change?.Invoke(section);
        Backup["pgBackRest"] = section;
    }
}
