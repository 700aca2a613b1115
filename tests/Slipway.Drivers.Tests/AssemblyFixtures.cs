using Slipway.Drivers.Tests.Support;

[assembly: AssemblyFixture(typeof(RadosGateway))]
