using Slipway.Runs;

namespace Slipway.Backups.Restoring;

/// <summary>Finds databases that a killed run left half-made.</summary>
internal sealed class Leftovers(ServerSession server, RunOutput output)
{
    // The comment tells ours from somebody else's database with a similar name. A statement of a run that was killed may still
    // be at work there.
    private const string Unfinished = """
        SELECT d.datname::text,
               EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid AND a.application_name <> 'slipway rehearsal')
        FROM pg_database d JOIN pg_shdescription c ON c.objoid = d.oid AND c.classoid = 'pg_database'::regclass
        WHERE starts_with(d.datname, $1) AND starts_with(c.description, $2) ORDER BY 1
        """;

    /// <summary>Drops those that nobody works on any more.</summary>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task DropAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = await server.ListAsync(
            Unfinished,
            row => (Name: row.GetString(0), IsUsed: row.GetBoolean(1)),
            cancellationToken,
            prefix,
            NewDatabase.Unfinished
        );
        foreach (var (name, isUsed) in found)
        {
            // Who makes such a database holds its lock as long as he lives.
            if (!isUsed && await server.TryLockAsync(name, cancellationToken))
            {
                await new NewDatabase(server, name).DropAsync(cancellationToken);
                await server.UnlockAsync(name, cancellationToken);
                output.Line($"  dropped database {name}, which a run that was killed had left half-made");
            }
        }
    }
}
