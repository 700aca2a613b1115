using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Slipway.Postgres;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>A restored copy, running as a server of its own on loopback until it is disposed of, and then gone.</summary>
public sealed class ScratchServer : IAsyncDisposable
{
    private const string Role = "slipway_scratch";
    private const int LogLines = 12;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly ScratchSettings _settings;
    private readonly ScratchFolder _folder;
    private readonly TimeProvider _time;
    private readonly Secret _password = new(RandomNumberGenerator.GetHexString(32, lowercase: true));
    private readonly int _port = LoopbackPort.Free();

    private ScratchServer(ScratchSettings settings, ScratchFolder folder, TimeProvider time) =>
        (_settings, _folder, _time) = (settings, folder, time);

    /// <summary>The backup it was restored from.</summary>
    public required PgBackRestBackup Backup { get; init; }

    /// <summary>How long restoring the files took.</summary>
    public TimeSpan RestoreTime { get; private init; }

    /// <summary>How long the server took to recover and accept connections.</summary>
    public TimeSpan RecoveryTime { get; private set; }

    /// <summary>The folder of everything that belongs to it.</summary>
    internal string Folder => _folder.Path;

    /// <summary>Restores a copy and starts it; returns when recovery has ended.</summary>
    /// <param name="original">How the original is backed up.</param>
    /// <param name="settings">How the copy runs.</param>
    /// <param name="target">Where recovery ends.</param>
    /// <param name="label">The backup to begin with; null for the newest before the target.</param>
    /// <param name="processes">Starts programs.</param>
    /// <param name="time">Measures.</param>
    /// <param name="line">Gets pgBackRest's lines; null when nobody watches.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="SlipwayException">It cannot be restored or does not come up; nothing is left.</exception>
    public static async Task<ScratchServer> StartAsync(
        PgBackRestSettings original,
        ScratchSettings settings,
        RestoreTarget target,
        string? label,
        IProcessRunner processes,
        TimeProvider time,
        Action<string>? line,
        CancellationToken cancellationToken
    )
    {
        var folder = await ScratchFolder.CreateAsync(settings, processes, time, cancellationToken);
        try
        {
            // A configuration of its own: no lock and no spool is shared with the original.
            var copy = original with
            {
                Folder = Path.Combine(folder.Path, "pgbackrest"),
                SpoolFolder = Path.Combine(folder.Path, "pgbackrest", "spool"),
                DataFolder = folder.Data,
            };
            var engine = new PgBackRestEngine(copy, processes);
            var info = await engine.InfoAsync(cancellationToken);
            Room.Check(settings.Folder, BackupChoice.For(copy, info, target, label).DatabaseBytes);
            var started = time.GetTimestamp();
            var request = new RestoreRequest(folder.Data, target) { Label = label };
            var server = new ScratchServer(settings, folder, time)
            {
                Backup = await engine.RestoreAsync(request, line, cancellationToken),
                RestoreTime = time.GetElapsedTime(started),
            };
            await server.RunAsync(original.User, processes, cancellationToken);
            return server;
        }
        catch
        {
            await folder.RemoveAsync();
            throw;
        }
    }

    /// <summary>Address of one of its databases, for a superuser of its own.</summary>
    public DatabaseUrl Url(string database)
    {
        var name = Uri.EscapeDataString(database);
        var raw = $"postgresql://{Role}:{_password.Reveal()}@127.0.0.1:{_port}/{name}?sslmode=disable";
        return DatabaseUrl.Parse("the copy's address", raw);
    }

    /// <summary>Stops it and removes it.</summary>
    public async ValueTask DisposeAsync() => await _folder.RemoveAsync();

    private async Task RunAsync(string superuser, IProcessRunner processes, CancellationToken cancellationToken)
    {
        var files = new ServerFolder(processes);
        await files.WriteAsync(Path.Combine(Folder, "server.conf"), "", cancellationToken);
        await files.WriteAsync(Path.Combine(Folder, "names.conf"), "", cancellationToken);
        await files.WriteAsync(Path.Combine(Folder, "access.conf"), ScratchConfiguration.Access, cancellationToken);
        var programs = await ProgramsAsync(cancellationToken);
        var arguments = ScratchConfiguration.Arguments(
            _settings,
            Folder,
            _port,
            await ControlAsync(programs, processes, cancellationToken)
        );
        string[] words = [.. ServerFolder.Prefix, Path.Combine(programs, "postgres"), .. arguments];
        var started = _time.GetTimestamp();
        using var process = DetachedProcess.Start(
            new Command(words[0], words[1..]) { Folder = "/" },
            _folder.Log,
            _folder.ServerNote
        );
        _folder.Server = process.Identity;
        await WaitAsync(process, started, cancellationToken);
        RecoveryTime = _time.GetElapsedTime(started);
        await LetInAsync(superuser, cancellationToken);
    }

    private async Task WaitAsync(DetachedProcess process, long started, CancellationToken cancellationToken)
    {
        while (!await IsReadyAsync(cancellationToken))
        {
            if (process.ExitCode is { } code)
            {
                throw Failure($"ended with exit code {code} before recovery did");
            }

            if (_time.GetElapsedTime(started) > _settings.RecoveryTimeout)
            {
                throw Failure($"had not recovered after {_settings.RecoveryTimeout}");
            }

            await Task.Delay(Glance, _time, cancellationToken);
        }
    }

    // The eighth line says starting, then ready when recovery has ended.
    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var lines = await File.ReadAllLinesAsync(Path.Combine(_folder.Data, "postmaster.pid"), cancellationToken);
            return lines.Length >= 8 && lines[7].Trim() is "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task LetInAsync(string superuser, CancellationToken cancellationToken)
    {
        var inside = new NpgsqlConnectionStringBuilder
        {
            Host = Folder,
            Port = _port,
            Username = superuser,
            Database = "postgres",
            Pooling = false,
        };
        await using var source = NpgsqlDataSource.Create(inside);
        // The password is of hexadecimal digits only, and DDL takes no parameters.
        await using var create = source.CreateCommand(
            $"""
            SET password_encryption = 'scram-sha-256';
            DROP ROLE IF EXISTS {Role};
            CREATE ROLE {Role} SUPERUSER LOGIN PASSWORD '{_password.Reveal()}';
            """
        );
        try
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw Failure($"recovered, but does not let {superuser} in: {exception.Message}");
        }
    }

    private async Task<string> ProgramsAsync(CancellationToken cancellationToken)
    {
        var major = (await File.ReadAllTextAsync(Path.Combine(_folder.Data, "PG_VERSION"), cancellationToken)).Trim();
        return PostgresPrograms
                .Folders()
                .FirstOrDefault(folder =>
                    folder.Split('/', '@', '-').Contains(major, StringComparer.Ordinal)
                    && File.Exists(Path.Combine(folder, "postgres"))
                )
            ?? throw new SlipwayException(
                $"The backup is of PostgreSQL {major}, and no server of that version is installed here",
                $"install it, on Debian: sudo apt-get install postgresql-{major}",
                ExitCode.Refused
            );
    }

    private async Task<IReadOnlyDictionary<string, string>> ControlAsync(
        string programs,
        IProcessRunner processes,
        CancellationToken cancellationToken
    )
    {
        string[] words = [.. ServerFolder.Prefix, Path.Combine(programs, "pg_controldata"), "-D", _folder.Data];
        var command = new Command(words[0], words[1..])
        {
            Folder = "/",
            Timeout = _settings.StopTimeout,
            Variables = new Dictionary<string, Secret> { ["LC_ALL"] = new("C") },
        };
        var result = await processes.RunAsync(command, null, cancellationToken);
        return result.ExitCode == 0
            ? result
                .Output.Split('\n')
                .Select(line => line.Split(':', 2))
                .Where(parts => parts.Length == 2)
                .DistinctBy(parts => parts[0], StringComparer.Ordinal)
                .ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.Ordinal)
            : throw new CommandFailedException(command, result, $"failed: {result.Error}", "the backup is damaged");
    }

    private ScratchException Failure(string what)
    {
        var lines = File.Exists(_folder.Log) ? File.ReadAllLines(_folder.Log) : [];
        return new(
            Backup.Label,
            string.Create(CultureInfo.InvariantCulture, $"The copy restored from backup {Backup.Label} {what}"),
            lines.TakeLast(LogLines).ToList()
        );
    }
}
