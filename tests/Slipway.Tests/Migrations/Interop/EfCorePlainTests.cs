using Microsoft.EntityFrameworkCore.Migrations;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Interop;

[Trait("Needs", "Server")]
public sealed class EfCorePlainTests(PostgresCluster cluster)
    : EfCoreContract(cluster, MigrationsSqlGenerationOptions.Default);
