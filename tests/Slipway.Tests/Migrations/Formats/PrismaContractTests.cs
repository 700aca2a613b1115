using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Formats;

[Trait("Needs", "Server")]
public sealed class PrismaContractTests(PostgresCluster cluster)
    : FormatContract(cluster, "prisma", "_prisma_migrations");
