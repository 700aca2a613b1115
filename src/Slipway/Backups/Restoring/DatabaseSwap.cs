using System.Globalization;
using Slipway.Postgres;

namespace Slipway.Backups.Restoring;

/// <summary>Puts a restored database in the place of the live one.</summary>
internal sealed class DatabaseSwap(ServerSession server)
{
    /// <summary>Gives the new database the owner, limits and grants of the one that it replaces.</summary>
    public async Task DressAsync(string restored, DatabaseState live, CancellationToken cancellationToken)
    {
        var name = Sql.Name(restored);
        await server.ExecuteAsync($"ALTER DATABASE {name} OWNER TO {Sql.Name(live.Owner)}", cancellationToken);
        await server.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"ALTER DATABASE {name} CONNECTION LIMIT {live.ConnectionLimit}"
            ),
            cancellationToken
        );
        var made = await DatabaseState.ReadAsync(server, restored, cancellationToken);
        if (made is not null && !made.Grants.SequenceEqual(live.Grants, StringComparer.Ordinal))
        {
            var grants = live.Grants.Count > 0 ? live.Grants : Default(live.Owner);
            foreach (
                var role in made
                    .Grants.Select(DatabaseGrant.Parse)
                    .Select(grant => grant.To)
                    .Distinct(StringComparer.Ordinal)
            )
            {
                await server.ExecuteAsync(
                    $"REVOKE ALL ON DATABASE {name} FROM {(role is null ? "PUBLIC" : Sql.Name(role))} CASCADE",
                    cancellationToken
                );
            }

            await new NewDatabase(server, restored).GrantAsync(grants, live.Owner, cancellationToken);
        }
    }

    /// <summary>Changes the names, both or none.</summary>
    /// <param name="journal">The names.</param>
    /// <param name="live">What the live database was.</param>
    /// <param name="replacedComment">What is written beside the replaced one.</param>
    /// <param name="between">Runs between the two, for tests.</param>
    /// <param name="cancellationToken">Stops, until both are done.</param>
    public async Task RunAsync(
        RestoreJournal journal,
        DatabaseState live,
        string replacedComment,
        Func<Task> between,
        CancellationToken cancellationToken
    )
    {
        // One transaction: at no moment is there no live database, whatever dies.
        await using var transaction = await server.Connection.BeginTransactionAsync(cancellationToken);
        await RenameAsync(journal.Database, journal.Replaced, cancellationToken);
        await between();
        await RenameAsync(journal.Restored, journal.Database, cancellationToken);
        await new NewDatabase(server, journal.Replaced).CommentAsync(replacedComment, cancellationToken);
        await new NewDatabase(server, journal.Database).CommentAsync(live.Comment, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private Task RenameAsync(string from, string to, CancellationToken cancellationToken) =>
        server.ExecuteAsync($"ALTER DATABASE {Sql.Name(from)} RENAME TO {Sql.Name(to)}", cancellationToken);

    private static IReadOnlyList<string> Default(string owner)
    {
        var quoted = owner.Replace("\"", "\"\"", StringComparison.Ordinal);
        return [$"=Tc/\"{quoted}\"", $"\"{quoted}\"=CTc/\"{quoted}\""];
    }
}
