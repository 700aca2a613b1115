using System.Globalization;
using Npgsql;
using Slipway.Settings;

namespace Slipway.Postgres;

/// <summary>Asks a database who and where it is.</summary>
public sealed class DatabaseProbe(TimeProvider time)
{
    private const string Question = """
        SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000,
               coalesce(host(inet_server_addr()) || ':' || inet_server_port(), 'local socket'), current_database(),
               pg_is_in_recovery(), pg_database_size(current_database()),
               has_function_privilege('pg_control_system()', 'EXECUTE'),
               (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
        """;

    /// <summary>Asks.</summary>
    /// <exception cref="SlipwayException">It cannot be reached, or does not let us in.</exception>
    public async Task<DatabaseFacts> ObserveAsync(DatabaseUrl url, CancellationToken cancellationToken)
    {
        await using var source = PostgresSource.Create(url, "probe");
        var started = time.GetTimestamp();
        await using var connection = await OpenAsync(source, url, cancellationToken);
        var connected = time.GetElapsedTime(started);
        await using var command = new NpgsqlCommand(Question, connection);
        DatabaseFacts facts;
        bool mayIdentify;
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            await row.ReadAsync(cancellationToken);
            mayIdentify = row.GetBoolean(6);
            facts = new(
                null,
                row.GetString(0),
                row.GetInt32(1),
                row.GetString(2),
                row.GetString(3),
                row.GetInt64(7),
                row.GetBoolean(4),
                row.GetInt64(5),
                connected
            );
        }

        if (!mayIdentify)
        {
            return facts;
        }

        await using var identify = new NpgsqlCommand("SELECT system_identifier FROM pg_control_system()", connection);
        var identifier = await identify.ExecuteScalarAsync(cancellationToken);
        return facts with { SystemIdentifier = Convert.ToString(identifier, CultureInfo.InvariantCulture) };
    }

    private static async Task<NpgsqlConnection> OpenAsync(
        NpgsqlDataSource source,
        DatabaseUrl url,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            var state = (exception as PostgresException)?.SqlState;
            throw new SlipwayException(
                $"Database {url} cannot be reached: {exception.InnerException?.Message ?? exception.Message}",
                state switch
                {
                    "28P01" or "28000" => $"check user and password in DATABASE_URL, and pg_hba.conf for {url.User}",
                    "3D000" => $"create database {url.Database}, or mend its name in DATABASE_URL",
                    "53300" => "the server has no free connection: see who holds them in pg_stat_activity",
                    _ =>
                        $"see that the server runs and that {url.Host}:{url.Port} can be reached from here: pg_isready -h {url.Host} -p {url.Port}",
                },
                ExitCode.Refused,
                exception
            );
        }
    }
}
