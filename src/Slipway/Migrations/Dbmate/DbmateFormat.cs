using Slipway.Settings;

namespace Slipway.Migrations.Dbmate;

/// <summary>dbmate: files with an up and a down block, and a table with versions alone.</summary>
internal sealed class DbmateFormat : MigrationFormat
{
    public override string Name => "dbmate";

    public override bool SeesChanges => false;

    public override bool Fits(MigrationFiles files) =>
        files.Scripts.Any(name => NumericPrefix.Of(name).Length > 0 && DbmateFile.IsOne(files.Text(name) ?? ""));

    public override IEnumerable<Migration> Read(MigrationFiles files) =>
        from name in files.Scripts
        where NumericPrefix.Of(name).Length > 0
        let text = files.Text(name)
        where text is not null
        select DbmateFile.Read(name, text);

    public override MigrationHistory History(DatabaseUrl url, MigrationSettings settings) =>
        new DbmateHistory(HistoryTable.Of(url, settings, "schema_migrations"));

    // dbmate takes none (amacneil/dbmate#101); the lock on its table within the transaction keeps it out instead.
    public override long LockKey(DatabaseUrl url, MigrationSettings settings) => OwnKey;
}
