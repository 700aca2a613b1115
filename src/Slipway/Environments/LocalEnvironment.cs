using System.Security.Cryptography;
using Slipway.Processes;
using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Environments;

/// <summary>What environment <c>local</c> needs and makes by itself: a PostgreSQL server, and secrets for the application.</summary>
public sealed class LocalEnvironment(string root, IProcessRunner processes, RunOutput output)
{
    private static readonly string[] SecretNames =
    [
        "ACCESS_TOKEN_SECRET",
        "REFRESH_TOKEN_SECRET",
        "CSRF_SECRET",
        "BACKUP_ENCRYPTION_KEY",
    ];

    /// <summary>Everything of the environment is below this folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetFullPath(root), ".nuke", "temp", "local");

    private LocalPostgres Postgres => new(Path.Combine(Folder, "postgres"), processes, output);

    /// <summary>The variables that it provides.</summary>
    /// <param name="start">False only looks: the server is not made or started.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException">It was only to look, and there is no server yet.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ProvideAsync(bool start, CancellationToken cancellationToken)
    {
        var server =
            (start ? await Postgres.UpAsync(cancellationToken) : await Postgres.RunningAsync(cancellationToken))
            ?? throw new SlipwayException(
                "Environment local has no running PostgreSQL server yet, and this run is only to look",
                "a first run makes and starts it: ./build.sh Deploy --env local"
            );
        var variables = await SecretsAsync(cancellationToken);
        variables["DATABASE_URL"] = server.Url;
        variables["SHADOW_DATABASE_URL"] = server.ShadowUrl;
        variables["BACKUP_ENCRYPTION_ENABLED"] = "true";
        return variables;
    }

    /// <summary>True when the server runs.</summary>
    public async Task<bool> IsUpAsync(CancellationToken cancellationToken) =>
        await Postgres.RunningAsync(cancellationToken) is not null;

    /// <summary>Stops the server.</summary>
    public Task DownAsync(CancellationToken cancellationToken) => Postgres.DownAsync(cancellationToken);

    /// <summary>Ends the server, whatever state its files are in, for who removes them next.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => Postgres.EndAsync(cancellationToken);

    private async Task<Dictionary<string, string>> SecretsAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(Folder, "secrets.env");
        var secrets = File.Exists(file)
            ? (await File.ReadAllLinesAsync(file, cancellationToken))
                .Select(line => line.Split('=', 2))
                .Where(parts => parts.Length == 2)
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);
        if (SecretNames.Any(name => !secrets.ContainsKey(name)))
        {
            foreach (var name in SecretNames)
            {
                secrets.TryAdd(name, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            }

            Directory.CreateDirectory(Folder);
            var lines = secrets.Select(secret => $"{secret.Key}={secret.Value}\n");
            await PrivateText.WriteAsync(file, string.Concat(lines), cancellationToken);
        }

        return secrets;
    }
}
