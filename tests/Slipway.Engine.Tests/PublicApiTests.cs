using PublicApiGenerator;
using Slipway.Tests.Support;

namespace Slipway.Engine.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_as_it_was_agreed() =>
        Approval.Match(
            typeof(Nuke.Common.NukeBuild).Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false })
        );
}
