using Slipway.Releases;
using Slipway.Settings;

namespace Slipway.Tests.Releases;

public sealed class TrialVariablesTests
{
    private const string Text = "postgresql://app:s%40crt@db.example:5432/shop?schema=sales&connection_limit=5";
    private static readonly DatabaseUrl Live = DatabaseUrl.Parse("DATABASE_URL", Text);

    // As a caller makes one: its text is still that of the original.
    private static readonly DatabaseUrl Copy = Live with { Database = "shop_rehearsal_1" };

    [Fact]
    public void Leads_to_the_copy_with_the_same_parameters()
    {
        var changed = Changed(("DATABASE_URL", Text));

        Assert.Equal(
            "postgresql://app:s%40crt@db.example:5432/shop_rehearsal_1?schema=sales&connection_limit=5",
            changed["DATABASE_URL"]
        );
    }

    [Fact]
    public void Leads_to_the_copy_even_when_no_variable_names_the_original() =>
        Assert.EndsWith(
            "/shop_rehearsal_1?schema=sales&connection_limit=5",
            Changed()["DATABASE_URL"],
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(
        "postgres://pool@pooler:6432/shop?pgbouncer=true",
        "postgres://app:s%40crt@db.example:5432/shop_rehearsal_1?pgbouncer=true"
    )]
    [InlineData(
        "postgresql://app@localhost/shop?host=/run/postgresql",
        "postgresql://app:s%40crt@db.example:5432/shop_rehearsal_1"
    )]
    public void Leads_every_other_address_of_the_original_to_the_copy(string address, string expected) =>
        Assert.Equal(expected, Changed(("DIRECT_URL", address))["DIRECT_URL"]);

    [Theory]
    [InlineData("PGDATABASE")]
    [InlineData("DB_NAME")]
    [InlineData("POSTGRES_DB")]
    public void Names_the_copy_where_the_original_is_named(string name) =>
        Assert.Equal("shop_rehearsal_1", Changed((name, "shop"))[name]);

    [Theory]
    [InlineData("SHADOW_DATABASE_URL", "postgresql://app@db.example/shop_shadow")]
    [InlineData("SHOP_URL", "https://db.example/shop")]
    [InlineData("DB_USER", "shop")]
    [InlineData("FOLDER", "/srv/shop")]
    [InlineData("OTHER", "Host=db.example;Database=shopping")]
    public void Leaves_what_does_not_lead_to_the_original(string name, string value) =>
        Assert.DoesNotContain(name, Changed((name, value)).Keys);

    [Theory]
    [InlineData("Host=db.example;Username=app;Database=shop;Password=x")]
    [InlineData("jdbc:postgresql://db.example:5432/shop?user=app")]
    [InlineData("host=db.example dbname='shop'")]
    [InlineData("postgresql://db.example/shop")]
    public void Does_not_try_with_what_leads_to_the_original_in_another_form(string value)
    {
        var variables = Of(Copy, ("OTHER", value));

        Assert.StartsWith(
            "the variable OTHER leads the release to the live database shop",
            variables.Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Does_not_try_with_a_bare_name_when_the_copy_is_on_another_server() =>
        Assert.Contains(
            "PGDATABASE",
            Of(Copy with { Host = "other.example" }, ("PGDATABASE", "shop")).Problem,
            StringComparison.Ordinal
        );

    [Fact]
    public void Writes_servers_in_sockets_and_version_6_as_addresses_do()
    {
        Assert.Equal(
            "postgresql://app:s%40crt@localhost:5432/shop_rehearsal_1?schema=sales&connection_limit=5&host=%2Frun%2Fpg",
            CopyAddress.Of(Text, Copy with { Host = "/run/pg" })
        );
        Assert.Equal(
            "postgresql://app:s%40crt@[::1]:5432/shop_rehearsal_1?schema=sales",
            CopyAddress.Of("", Copy with { Host = "::1" })
        );
    }

    private static TrialVariables Of(DatabaseUrl copy, params (string Name, string Value)[] given) =>
        TrialVariables.Of(given.ToDictionary(pair => pair.Name, pair => pair.Value), Live, copy);

    private static Dictionary<string, string> Changed(params (string Name, string Value)[] given)
    {
        var variables = Of(Copy, given);
        Assert.Null(variables.Problem);
        return variables.Changed.ToDictionary(pair => pair.Key, pair => pair.Value.Reveal());
    }
}
