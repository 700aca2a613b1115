using Slipway.Settings;

namespace Slipway.Environments;

/// <summary>The PostgreSQL server of environment <c>local</c>, as it runs.</summary>
/// <param name="Port">Its port on 127.0.0.1.</param>
/// <param name="Password">Password of role <c>app</c>.</param>
public sealed record LocalPostgresState(int Port, Secret Password)
{
    /// <summary>Address of the application's database.</summary>
    public string Url => Address("app");

    /// <summary>Address of the database that migration tools may reset.</summary>
    public string ShadowUrl => Address("app_shadow");

    private string Address(string database) =>
        $"postgresql://app:{Password.Reveal()}@127.0.0.1:{Port}/{database}?schema=public&connection_limit=20&connect_timeout=10&sslmode=disable";
}
