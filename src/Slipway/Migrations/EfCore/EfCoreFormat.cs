using Slipway.Settings;

namespace Slipway.Migrations.EfCore;

/// <summary>EF Core: what <c>dotnet ef migrations script</c> writes, idempotent or not, and its own history.</summary>
internal sealed class EfCoreFormat : MigrationFormat
{
    public override string Name => "efcore";

    public override bool SeesChanges => false;

    public override bool Fits(MigrationFiles files) =>
        files.Scripts.Any(name => EfCoreScript.IsOne(files.Text(name) ?? ""));

    public override IEnumerable<Migration> Read(MigrationFiles files) =>
        files
            .Scripts.SelectMany(name => files.Text(name) is { } text ? EfCoreScript.Read(name, text, files) : [])
            .DistinctBy(migration => migration.Name);

    public override MigrationHistory History(DatabaseUrl url, MigrationSettings settings) =>
        new EfCoreHistory(HistoryTable.Of(url, settings, "__EFMigrationsHistory"));

    // EF Core locks its table, and so does every migration of ours within its transaction.
    public override long LockKey(DatabaseUrl url, MigrationSettings settings) => OwnKey;
}
