using Slipway.Drivers.Tests.Support;
using Slipway.Tests.Support;

[assembly: AssemblyFixture(typeof(RadosGateway))]
[assembly: AssemblyFixture(typeof(PostgresCluster))]
