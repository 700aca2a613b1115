using System.Text;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>The folder of one copy, which says who uses it, so that those of dead runs are found.</summary>
internal sealed class ScratchFolder(string path, ScratchSettings settings, IProcessRunner processes, TimeProvider time)
{
    private const string Prefix = "slipway-scratch-";
    private const int NameLength = 12;

    // Of sun_path, without its end: what the kernel takes as the name of a socket.
    private const int LongestSocket = 107;
    private const string OwnerFile = "owner.pid";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Path { get; } = path;

    public string Data => System.IO.Path.Combine(Path, "data");

    public string Log => System.IO.Path.Combine(Path, "server.log");

    /// <summary>Says which process the server is.</summary>
    public string ServerNote => System.IO.Path.Combine(Path, "server.pid");

    /// <summary>The server, once it was started.</summary>
    public ProcessIdentity? Server { get; set; }

    private string OwnerNote => System.IO.Path.Combine(Path, OwnerFile);

    /// <summary>Makes a folder for a copy, after those of runs that were killed are gone.</summary>
    public static async Task<ScratchFolder> CreateAsync(
        ScratchSettings settings,
        IProcessRunner processes,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        CheckLength(settings.Folder);
        Directory.CreateDirectory(settings.Folder);
        foreach (
            var old in Directory
                .GetDirectories(settings.Folder, $"{Prefix}*")
                .Select(path => new ScratchFolder(path, settings, processes, time))
        )
        {
            if (DetachedProcess.ReadNote(old.OwnerNote) is not { IsAlive: true })
            {
                await old.RemoveAsync();
            }
        }

        // It gets its name once it says whose it is, lest another run takes it for a dead one's.
        var name = Guid.NewGuid().ToString("N")[..NameLength];
        var draft = System.IO.Path.Combine(settings.Folder, $"{name}.new");
        await new ServerFolder(processes).CreateAsync(draft, cancellationToken);
        var self = await File.ReadAllTextAsync($"/proc/{Environment.ProcessId}/stat", cancellationToken);
        await File.WriteAllTextAsync(System.IO.Path.Combine(draft, OwnerFile), self, cancellationToken);
        var folder = new ScratchFolder(
            System.IO.Path.Combine(settings.Folder, $"{Prefix}{name}"),
            settings,
            processes,
            time
        );
        Directory.Move(draft, folder.Path);
        return folder;
    }

    // The copy lets us in by a socket in its folder; PostgreSQL would say so only after everything was restored.
    private static void CheckLength(string folder)
    {
        var most = LongestSocket - $"/{Prefix}/.s.PGSQL.65535".Length - NameLength;
        var bytes = Encoding.UTF8.GetByteCount(System.IO.Path.TrimEndingDirectorySeparator(folder));
        if (bytes > most)
        {
            throw new SlipwayException(
                $"The folder for copies, {folder}, has {bytes} characters, and the socket of a copy fits behind {most} at most",
                "choose a folder with a shorter path: backup.pgBackRest.scratchFolder",
                ExitCode.BadInput
            );
        }
    }

    /// <summary>Ends the server, if there is one, and removes everything.</summary>
    public async Task RemoveAsync()
    {
        using var limit = new CancellationTokenSource(settings.StopTimeout, time);
        if ((Server ?? DetachedProcess.ReadNote(ServerNote)) is { IsAlive: true } server)
        {
            await EndAsync(server, limit.Token);
        }

        // A child of the server may still write while we remove.
        for (var isLast = false; Directory.Exists(Path); )
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (!isLast)
            {
                isLast = limit.IsCancellationRequested;
                await Task.Delay(Glance, time, CancellationToken.None);
            }
        }
    }

    // To be thrown away: no checkpoint and no waiting for clients. SIGQUIT still lets it free its shared memory.
    private async Task EndAsync(ProcessIdentity server, CancellationToken cancellationToken)
    {
        var quit = Command.Of("sh", "-c", "kill -QUIT \"$1\"", "sh", $"{server.Id}");
        await processes.RunAsync(quit, null, cancellationToken);
        if (!await server.WaitForExitAsync(Patience, time, cancellationToken))
        {
            server.Kill();
            await server.WaitForExitAsync(Patience, time, cancellationToken);
        }
    }
}
