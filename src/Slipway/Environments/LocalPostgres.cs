using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Environments;

/// <summary>A PostgreSQL server of our own, on loopback, with its data in a folder.</summary>
/// <param name="folder">Absolute path of the folder for data, log and state.</param>
/// <param name="processes">Starts programs.</param>
/// <param name="output">What a person sees.</param>
public sealed class LocalPostgres(string folder, IProcessRunner processes, RunOutput output)
{
    private string Data => Path.Combine(folder, "data");

    private string Log => Path.Combine(folder, "postgres.log");

    private string PasswordFile => Path.Combine(folder, "password");

    /// <summary>The server as it runs; null when it does not.</summary>
    public async Task<LocalPostgresState?> RunningAsync(CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(pidFile) || !File.Exists(PasswordFile))
        {
            return null;
        }

        var lines = await File.ReadAllLinesAsync(pidFile, cancellationToken);
        if (lines.Length < 4 || !ushort.TryParse(lines[3], CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var state = new LocalPostgresState(
            port,
            new((await File.ReadAllTextAsync(PasswordFile, cancellationToken)).Trim())
        );
        return await AnswersAsync(state, "app", cancellationToken) ? state : null;
    }

    /// <summary>Starts the server; makes it first, and installs PostgreSQL, when that has never been done.</summary>
    public async Task<LocalPostgresState> UpAsync(CancellationToken cancellationToken)
    {
        if (await RunningAsync(cancellationToken) is { } running)
        {
            return running;
        }

        var programs = await new PostgresInstaller(processes, output).EnsureAsync(cancellationToken);
        if (!Directory.Exists(Data))
        {
            await CreateAsync(programs, cancellationToken);
        }

        await StartAsync(programs, cancellationToken);
        return await RunningAsync(cancellationToken)
            ?? throw new SlipwayException(
                $"The local PostgreSQL server started but does not answer as role app",
                $"look at {Log}; to begin anew: ./build.sh LocalReset --env local"
            );
    }

    /// <summary>Stops the server; nothing happens when it does not run.</summary>
    public async Task DownAsync(CancellationToken cancellationToken)
    {
        if (await AliveAsync(cancellationToken) is not null && PostgresFolder() is { } programs)
        {
            await RunAsync(
                [Path.Combine(programs, "pg_ctl"), "-D", Data, "-m", "fast", "-w", "stop"],
                cancellationToken
            );
        }
    }

    /// <summary>Ends the server, whatever state its files are in, for who removes them next.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DownAsync(cancellationToken);
        }
        catch (CommandFailedException failure)
        {
            // pg_ctl reads the very files that are damaged.
            output.Line($"  {failure.Message.Split('\n')[0]}; ending the server by its process");
        }

        if (await AliveAsync(cancellationToken) is { } id)
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancellationToken);
        }
    }

    // A server that was killed leaves its file behind, and its number may be another program's by now.
    private async Task<int?> AliveAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file))
        {
            return null;
        }

        var lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return
            lines is [var first, ..] && int.TryParse(first, CultureInfo.InvariantCulture, out var id) && IsPostgres(id)
            ? id
            : null;
    }

    private static bool IsPostgres(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName is "postgres";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string? PostgresFolder() => Postgres.PostgresPrograms.ServerFolder(14);

    private async Task CreateAsync(string programs, CancellationToken cancellationToken)
    {
        output.Line($"  making a PostgreSQL server of its own in {folder}");
        Directory.CreateDirectory(folder);
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await PrivateText.WriteAsync(PasswordFile, password, cancellationToken);
        var part = $"{Data}.part";
        if (Directory.Exists(part))
        {
            Directory.Delete(part, recursive: true);
        }

        Directory.CreateDirectory(part);
        await OwnAsync(part, cancellationToken);
        await RunAsync(
            [
                Path.Combine(programs, "initdb"),
                $"--pgdata={part}",
                "--username=postgres",
                "--auth-host=scram-sha-256",
                "--auth-local=scram-sha-256",
                $"--pwfile={await CopyForServerAsync(part, password, cancellationToken)}",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums",
            ],
            cancellationToken
        );
        File.Delete(Path.Combine(folder, "pwfile"));
        Directory.Move(part, Data);
    }

    private async Task StartAsync(string programs, CancellationToken cancellationToken)
    {
        var port = LoopbackPort.Free();
        await File.AppendAllTextAsync(Log, "", cancellationToken);
        await OwnAsync(Log, cancellationToken);
        var options =
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c shared_buffers=64MB -c max_connections=60";
        output.Line("  starting the local PostgreSQL server; it goes on until: ./build.sh LocalDown");
        await RunAsync(
            [Path.Combine(programs, "pg_ctl"), "-D", Data, "-w", "-t", "60", "-l", Log, "-o", options, "start"],
            cancellationToken
        );
        var password = (await File.ReadAllTextAsync(PasswordFile, cancellationToken)).Trim();
        await CreateRoleAsync(port, password, cancellationToken);
    }

    private static async Task CreateRoleAsync(int port, string password, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={port};Username=postgres;Password={password};Database=postgres;Pooling=false"
        );
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        foreach (
            var (exists, create) in new[]
            {
                // The password is of hexadecimal digits only, and DDL takes no parameters.
                (
                    "SELECT 1 FROM pg_roles WHERE rolname = 'app'",
                    $"CREATE ROLE app LOGIN CREATEDB PASSWORD '{password}'; GRANT pg_monitor TO app"
                ),
                ("SELECT 1 FROM pg_database WHERE datname = 'app'", "CREATE DATABASE app OWNER app"),
                ("SELECT 1 FROM pg_database WHERE datname = 'app_shadow'", "CREATE DATABASE app_shadow OWNER app"),
            }
        )
        {
            await using var ask = new NpgsqlCommand(exists, connection);
            if (await ask.ExecuteScalarAsync(cancellationToken) is null)
            {
                await using var command = new NpgsqlCommand(create, connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private static async Task<bool> AnswersAsync(
        LocalPostgresState state,
        string database,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(
                $"Host=127.0.0.1;Port={state.Port};Username=app;Password={state.Password.Reveal()};Database={database};Pooling=false;Timeout=5"
            );
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<string> CopyForServerAsync(string part, string password, CancellationToken cancellationToken)
    {
        // initdb reads it as the server's user, from outside of the data folder, which must be empty.
        var file = Path.Combine(Path.GetDirectoryName(part)!, "pwfile");
        await PrivateText.WriteAsync(file, password, cancellationToken);
        await OwnAsync(file, cancellationToken);
        return file;
    }

    private async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            var command = Command.Of("chown", "-R", ServerUser.Name, path);
            var result = await processes.RunAsync(command, null, cancellationToken);
            if (result.ExitCode != 0)
            {
                throw new CommandFailedException(command, result, $"failed: {result.Error}", "see who owns the folder");
            }
        }
    }

    // The server refuses to run as root, and it must not keep our pipes open.
    private async Task RunAsync(string[] words, CancellationToken cancellationToken)
    {
        string[] quiet = ["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", $"{Log}.start", .. words];
        var full = Environment.IsPrivilegedProcess ? [.. ServerUser.Prefix, .. quiet] : quiet;
        await File.WriteAllTextAsync($"{Log}.start", "", cancellationToken);
        await OwnAsync($"{Log}.start", cancellationToken);
        var command = new Command(full[0], full[1..]) { Folder = "/", Timeout = TimeSpan.FromMinutes(3) };
        var result = await processes.RunAsync(command, null, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new CommandFailedException(
                Command.Of(words[0], words[1..]),
                result,
                $"failed: {(await File.ReadAllTextAsync($"{Log}.start", cancellationToken)).Trim()} {result.Error}",
                $"look at {Log}; to begin anew: ./build.sh LocalReset --env local"
            );
        }
    }
}
