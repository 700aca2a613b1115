using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Formats;

[Trait("Needs", "Server")]
public sealed class EfCoreContractTests(PostgresCluster cluster)
    : FormatContract(cluster, "efcore", "__EFMigrationsHistory");
