using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Formats;

[Trait("Needs", "Server")]
public sealed class DbmateContractTests(PostgresCluster cluster)
    : FormatContract(cluster, "dbmate", "schema_migrations");
