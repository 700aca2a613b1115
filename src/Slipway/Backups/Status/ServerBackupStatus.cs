using Npgsql;
using Slipway.Backups.PgBackRest;
using Slipway.Settings;

namespace Slipway.Backups.Status;

/// <summary>Looks how it stands with the backups that pgBackRest takes of a server, and with its archive.</summary>
/// <param name="servers">Knows the backups.</param>
/// <param name="url">The server, as a role of pg_monitor.</param>
public sealed class ServerBackupStatus(ServerBackups servers, DatabaseUrl url)
{
    /// <summary>Looks; what cannot be seen is told as that.</summary>
    public async Task<ServerBackupFacts> ObserveAsync(CancellationToken cancellationToken) =>
        await ArchiveAsync(await RepositoryAsync(cancellationToken), cancellationToken);

    private async Task<ServerBackupFacts> RepositoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var info = await servers.Engine.InfoAsync(cancellationToken);
            return new()
            {
                Backups = ServerBackups.With(info, await servers.ProofsAsync(cancellationToken)),
                IsEncrypted = info.IsEncrypted,
            };
        }
        catch (SlipwayException exception)
        {
            return new() { RepositoryProblem = $"{exception.Message}. {exception.Hint}" };
        }
    }

    private async Task<ServerBackupFacts> ArchiveAsync(ServerBackupFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            // Anybody may see these; how archiving does is for pg_monitor.
            var settings = await ArchiveSetup.ReadAsync(url, cancellationToken);
            facts = facts with { Differences = new ArchiveSetup(servers.Engine.Settings).Compare(settings) };
            return facts with
            {
                Archive = await new PgBackRest.ArchiveReader(servers.Engine).ReadAsync(url, cancellationToken),
            };
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            return facts with
            {
                ArchiveProblem = $"role {url.User} may not look: {exception.MessageText}",
                ArchiveRemedy = $"GRANT pg_monitor TO \"{url.User.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            };
        }
        catch (SlipwayException exception)
        {
            return facts with { ArchiveProblem = exception.Message, ArchiveRemedy = exception.Hint };
        }
        catch (NpgsqlException exception)
        {
            return facts with
            {
                ArchiveProblem =
                    $"the server cannot be asked: {exception.InnerException?.Message ?? exception.Message}",
                ArchiveRemedy = $"see that it runs: pg_isready -h {url.Host} -p {url.Port}",
            };
        }
    }
}
