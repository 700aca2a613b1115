using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Formats;

[Trait("Needs", "Server")]
public sealed class PlainContractTests(PostgresCluster cluster)
    : FormatContract(cluster, "plain", "slipway_migrations");
