using Slipway.Postgres;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Restoring;

/// <summary>Brings a restore that did not come to its end to one: undone, or done.</summary>
internal sealed class RestoreSettlement(ServerSession server, IObjectStore store, string environment)
{
    /// <summary>Looks which database is live, and tidies up accordingly.</summary>
    /// <returns>What state things are in now.</returns>
    /// <exception cref="SlipwayException">Neither the old nor the new database has the live name.</exception>
    public async Task<RestoreState> RunAsync(RestoreJournal journal, CancellationToken cancellationToken)
    {
        var live = await DatabaseState.ReadAsync(server, journal.Database, cancellationToken);
        var restored = await DatabaseState.ReadAsync(server, journal.Restored, cancellationToken);
        var replaced = await DatabaseState.ReadAsync(server, journal.Replaced, cancellationToken);
        var state =
            live?.Id == journal.DatabaseId ? await UndoAsync(journal, live, cancellationToken)
            : live is not null && restored is null ? Done(journal, replaced)
            : throw Unclear(journal, live, restored, replaced);
        await store.DeleteAsync(RestoreJournal.Key(environment), cancellationToken);
        return state;
    }

    private static RestoreState Done(RestoreJournal journal, DatabaseState? replaced) =>
        new(
            IsSwapped: true,
            $"database {journal.Database} is the one restored from backup {journal.Backup}; the one before "
                + (replaced is null ? "is not there any more" : $"is kept as {journal.Replaced}")
        );

    private async Task<RestoreState> UndoAsync(
        RestoreJournal journal,
        DatabaseState live,
        CancellationToken cancellationToken
    )
    {
        var wasClosed = journal.TookConnections && !live.TakesConnections;
        if (wasClosed)
        {
            await server.ExecuteAsync(
                $"ALTER DATABASE {Sql.Name(journal.Database)} ALLOW_CONNECTIONS true",
                cancellationToken
            );
        }

        await new NewDatabase(server, journal.Restored).DropAsync(cancellationToken);
        var salvaged = await store.ListAsync(Salvage.Prefix(environment, journal.Stamp), cancellationToken);
        foreach (var item in salvaged)
        {
            await store.DeleteAsync(item.Key, cancellationToken);
        }

        return new(
            IsSwapped: false,
            $"database {journal.Database} is live as before{(wasClosed ? ", and open again" : "")}; {journal.Restored} was dropped"
        );
    }

    private SlipwayException Unclear(
        RestoreJournal journal,
        DatabaseState? live,
        DatabaseState? restored,
        DatabaseState? replaced
    ) =>
        new(
            $"The restore {journal.Stamp} of backup {journal.Backup} cannot be settled, because somebody changed databases by hand: "
                + $"{journal.Database}, number {journal.DatabaseId} when it began, {Is(live)} now; {journal.Restored} {Is(restored)}; "
                + $"{journal.Replaced} {Is(replaced)}",
            live is null && (replaced ?? restored) is not null
                ? $"make one of them live: ALTER DATABASE {Sql.Name(replaced is null ? journal.Restored : journal.Replaced)} RENAME TO "
                    + $"{Sql.Name(journal.Database)}; then: ./build.sh Restore --env {environment} --finish"
                : $"drop {journal.Restored} when {journal.Database} is right; then: ./build.sh Restore --env {environment} --finish",
            ExitCode.NeedsPerson
        );

    private static string Is(DatabaseState? state) => state is null ? "does not exist" : $"is number {state.Id}";
}
