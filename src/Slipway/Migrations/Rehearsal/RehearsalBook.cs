using System.Text.Json;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Migrations.Rehearsal;

/// <summary>Keeps what rehearsals of an environment found, by migration and by what its files said then.</summary>
internal sealed class RehearsalBook(IObjectStore store, string environment, TimeProvider time)
{
    private string Key => $"rehearsals/{environment}.json";

    /// <summary>What is kept.</summary>
    /// <exception cref="SlipwayException">It cannot be read.</exception>
    public async Task<IReadOnlyList<RehearsalEntry>> ReadAsync(CancellationToken cancellationToken) =>
        await StoredList.ReadAsync(
            store,
            Key,
            () => RehearsalJson.Default.ListRehearsalEntry,
            exception => new SlipwayException(
                $"What rehearsals found is kept in {Key} in {store.Location}, and cannot be read: {exception.Message}",
                "move it away: then nothing counts as rehearsed, and the next deploy begins a new one",
                ExitCode.Refused,
                exception
            ),
            cancellationToken
        );

    /// <summary>Keeps a report, in place of what was known of its migrations.</summary>
    public async Task AddAsync(RehearsalReport report, MigrationSet set, CancellationToken cancellationToken)
    {
        var names = report.Migrations.Select(migration => migration.Name).ToHashSet(StringComparer.Ordinal);
        List<RehearsalEntry> entries =
        [
            .. (await ReadAsync(cancellationToken)).Where(entry => !names.Contains(entry.Name)),
            .. report.Migrations.Select(migration => Of(migration, set.Named(migration.Name), report.Backup)),
        ];
        await store.PutAsync(
            Key,
            (stream, token) =>
                JsonSerializer.SerializeAsync(stream, entries, RehearsalJson.Default.ListRehearsalEntry, token),
            cancellationToken
        );
    }

    /// <summary>Puts what was seen beside what the files say.</summary>
    public async Task<MigrationStatus> JudgedAsync(MigrationStatus status, CancellationToken cancellationToken)
    {
        var known = (await ReadAsync(cancellationToken)).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        return status with
        {
            Entries =
            [
                .. status.Entries.Select(entry =>
                    known.TryGetValue(entry.Name, out var seen) && seen.Checksum == entry.Checksum
                        ? entry with
                        {
                            Verdict = seen.Verdict,
                        }
                        : entry
                ),
            ],
        };
    }

    private RehearsalEntry Of(RehearsedMigration rehearsed, Migration migration, string backup) =>
        new(
            rehearsed.Name,
            migration.Checksum,
            migration.DownChecksum,
            rehearsed.Verdict,
            rehearsed.Undo.Outcome,
            rehearsed.Undo.Differences,
            backup,
            time.GetUtcNow()
        );
}
