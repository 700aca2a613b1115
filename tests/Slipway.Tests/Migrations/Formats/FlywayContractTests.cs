using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Formats;

[Trait("Needs", "Server")]
public sealed class FlywayContractTests(PostgresCluster cluster)
    : FormatContract(cluster, "flyway", "flyway_schema_history");
