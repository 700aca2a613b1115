using Npgsql;
using Slipway.Postgres;

namespace Slipway.Migrations.Rehearsal;

/// <summary>All definitions of a database, from its catalog and not from a dump's text.</summary>
/// <param name="Objects">The definitions by kind and name.</param>
internal sealed record SchemaSnapshot(IReadOnlyDictionary<string, SchemaObject> Objects)
{
    /// <summary>Reads them.</summary>
    public static async Task<SchemaSnapshot> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Names in definitions must not depend on who asks.
        await Query.RunAsync(connection, "SET search_path = ''", cancellationToken);
        var objects = await Query.RowsAsync(
            connection,
            SchemaQueries.All,
            row => new SchemaObject(row.GetString(0), row.GetString(1), Query.Text(row, 2), Query.Text(row, 3) ?? ""),
            cancellationToken
        );
        await Query.RunAsync(connection, "RESET search_path", cancellationToken);
        return new(objects.ToDictionary(found => $"{found.Kind} {found.Name}", StringComparer.Ordinal));
    }

    /// <summary>What is different in a later one.</summary>
    public IReadOnlyList<SchemaChange> To(SchemaSnapshot later) =>
        [
            .. Objects
                .Where(pair => !later.Objects.ContainsKey(pair.Key))
                .Select(pair => new SchemaChange(pair.Value, null)),
            .. later
                .Objects.Select(pair => new SchemaChange(Objects.GetValueOrDefault(pair.Key), pair.Value))
                .Where(change => change.Before?.Definition != change.After!.Definition),
        ];
}
