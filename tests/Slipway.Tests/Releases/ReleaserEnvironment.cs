using Slipway.Settings;

namespace Slipway.Tests.Releases;

/// <summary>An environment as a releaser needs it: strategy process with the test application, or strategy command.</summary>
internal static class ReleaserEnvironment
{
    public static DeploymentEnvironment Of(string root, ReleaseSettings release, HealthSettings health) =>
        new()
        {
            Name = "test",
            Root = root,
            Database = new(
                new()
                {
                    Host = "none.invalid",
                    Database = "none",
                    User = "none",
                    Raw = new(""),
                },
                null,
                null,
                null
            ),
            Store = new(root),
            Migrations = new(root, default, default, default),
            Test = new([], default),
            Release = release,
            Health = health,
            Verify = new(null, null, []),
            Backup = new(false, 7, null),
            Monitoring = new(false, default, default, 15),
            Variables = new Dictionary<string, Secret>(),
        };

    public static HealthSettings Health(Uri? url = null) =>
        new(
            url,
            "/health",
            "/health/db",
            "version",
            TimeSpan.FromSeconds(10),
            TimeSpan.FromMilliseconds(50),
            TimeSpan.FromSeconds(5)
        );
}
