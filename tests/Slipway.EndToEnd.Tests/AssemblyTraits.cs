using Slipway.Drivers.Tests.Support;

[assembly: Trait("Needs", "Server")]
[assembly: AssemblyFixture(typeof(RadosGateway))]
