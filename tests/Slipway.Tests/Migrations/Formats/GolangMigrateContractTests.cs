using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Formats;

[Trait("Needs", "Server")]
public sealed class GolangMigrateContractTests(PostgresCluster cluster)
    : FormatContract(cluster, "golang-migrate", "schema_migrations");
