using Slipway.Environments;
using Slipway.Processes;
using Slipway.Storage;

namespace Slipway.Backups.PgBackRest;

/// <summary>Files that belong to the server's user, also when we are root.</summary>
internal sealed class ServerFolder(IProcessRunner processes)
{
    /// <summary>What starts a command as the server's user.</summary>
    public static IReadOnlyList<string> Prefix => Environment.IsPrivilegedProcess ? ServerUser.Prefix : [];

    /// <summary>Makes a folder that only the server's user may enter; one that is there is left as it is.</summary>
    public async Task CreateAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            PrivateFolder.Create(path);
            await OwnAsync(path, cancellationToken);
        }
    }

    /// <summary>Writes a file that only the server's user may read; whoever reads meanwhile sees the old one or the new.</summary>
    public async Task WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        if (File.Exists(file) && await File.ReadAllTextAsync(file, cancellationToken) == text)
        {
            return;
        }

        var draft = $"{file}.new";
        await PrivateText.WriteAsync(draft, text, cancellationToken);
        await OwnAsync(draft, cancellationToken);
        File.Move(draft, file, overwrite: true);
    }

    private async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        var command = Command.Of("chown", ServerUser.Name, path);
        var result = await processes.RunAsync(command, null, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new CommandFailedException(command, result, $"failed: {result.Error}", "see who owns the folder");
        }
    }
}
