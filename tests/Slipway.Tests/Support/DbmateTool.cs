using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Tests.Support;

/// <summary>The real dbmate.</summary>
/// <param name="migrations">The folder of the migrations.</param>
internal sealed class DbmateTool(string migrations)
{
    private static readonly ProcessRunner Processes = new(TimeProvider.System);

    public async Task<CommandResult> TryAsync(DatabaseUrl url, string verb, CancellationToken cancellationToken) =>
        await Processes.RunAsync(
            Command.Of(
                await NpmTool.PathAsync("dbmate@2.36.0", "dbmate"),
                "--no-dump-schema",
                "--migrations-dir",
                migrations,
                verb
            ) with
            {
                Variables = new Dictionary<string, Secret>
                {
                    ["DATABASE_URL"] = new(
                        $"postgres://{url.User}@{url.Host}:{url.Port}/{url.Database}?sslmode=disable"
                    ),
                },
                Timeout = TimeSpan.FromMinutes(2),
            },
            null,
            cancellationToken
        );
}
