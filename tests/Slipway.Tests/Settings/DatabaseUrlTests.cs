using CsCheck;
using Slipway.Settings;

namespace Slipway.Tests.Settings;

public sealed class DatabaseUrlTests
{
    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 1, 12],
        Gen.String[Gen.OneOfConst([.. "/?#@:%&=+[] ,;'\"\\äß€"]), 1, 12],
        Gen.Const("𝒮ecret🔑")
    );

    private static readonly Gen<string> Host = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 1, 20].Where(host => host is not "host"),
        Gen.Const("10.0.0.7"),
        Gen.Const("[::1]"),
        Gen.Const("[2001:db8::7]")
    );

    [Fact]
    public void Understands_every_address_that_can_be_written() =>
        Gen.Select(Word, Word, Host, Gen.Int[1, 65535].Nullable(), Word.Where(name => !name.Contains('/')), Gen.Bool)
            .Sample(
                (user, password, host, port, database, isShort) =>
                {
                    var text =
                        (isShort ? "postgres" : "postgresql")
                        + $"://{Encode(user)}:{Encode(password)}@{host}{(port is null ? "" : $":{port}")}/{Encode(database)}?connection_limit=7";

                    var url = DatabaseUrl.Parse("DATABASE_URL", text);

                    Assert.Equal(
                        (user, password, host.Trim('[', ']'), port ?? 5432, database, 7),
                        (url.User, url.Password!.Reveal(), url.Host, url.Port, url.Database, url.ConnectionLimit)
                    );
                    Assert.Equal(text, url.Raw.Reveal());
                }
            );

    [Fact]
    public void Never_fails_otherwise_than_by_saying_what_is_wrong_without_the_password() =>
        Gen.Select(Gen.String[Gen.OneOfConst([.. "postgresql://u:p@[h]:5/d?a=b&%4G#, \0"]), 0, 40], Gen.Bool)
            .Sample(
                (noise, isWhole) =>
                {
                    var text = isWhole ? noise : $"postgresql://bob:pa55W0rd{noise}";
                    try
                    {
                        DatabaseUrl.Parse("DATABASE_URL", text);
                    }
                    catch (SlipwayException exception)
                    {
                        Assert.DoesNotContain("pa55W0rd", exception.Message, StringComparison.Ordinal);
                        Assert.StartsWith("DATABASE_URL", exception.Message, StringComparison.Ordinal);
                    }
                }
            );

    [Fact]
    public void Reads_every_parameter_that_Prisma_knows()
    {
        var url = Parse(
            "schema=Shop&connection_limit=20&pool_timeout=21&connect_timeout=22&socket_timeout=23&pgbouncer=true"
                + "&sslmode=require&sslaccept=strict&sslcert=ca.pem&statement_cache_size=0&options=-c%20geqo%3Doff+-c+x=1&host=/run/pg"
        );

        Assert.Equal(
            ("Shop", 20, 21, 22, 23, true, "verify-full", "ca.pem", 0, "-c geqo=off -c x=1", "/run/pg"),
            (
                url.Schema,
                url.ConnectionLimit ?? 0,
                (int)url.PoolTimeout.TotalSeconds,
                (int)url.ConnectTimeout.TotalSeconds,
                (int)url.SocketTimeout!.Value.TotalSeconds,
                url.PgBouncer,
                url.SslMode,
                url.SslRootCertificate,
                url.StatementCacheSize ?? -1,
                url.Options,
                url.Host
            )
        );
    }

    [Theory]
    [InlineData("mysql://a:b@c/d", "does not begin with postgresql://")]
    [InlineData("postgresql://host1.internal/db", "names no user")]
    [InlineData("postgresql://bob@/db", "names no host")]
    [InlineData("postgresql://bob@one,two/db", "has a host that is none")]
    [InlineData("postgresql://bob@::1/db", "port that is no number")]
    [InlineData("postgresql://bob@[::1/db", "has a host that is none")]
    [InlineData("postgresql://bob:x@h.internal:70000/db", "port that is no number")]
    [InlineData("postgresql://bob:x@h.internal", "names no database")]
    [InlineData("postgresql://bob:s/cret@h.internal/db", "characters in the password that end it early")]
    [InlineData("postgresql://bob:s#cret@h.internal/db", "characters in the password that end it early")]
    [InlineData("postgresql://bob:100%@h.internal/db", "has a % in its password")]
    [InlineData("postgresql://user:password@db.internal/db", "still holds the placeholder user:password@host")]
    [InlineData("postgresql://bob:x@db.example.com/db", "still holds the placeholder example.com")]
    [InlineData("postgresql://bob:x@h.internal/db?conection_limit=5", "did you mean connection_limit?")]
    [InlineData("postgresql://bob:x@h.internal/db?sslmode=verify", "?sslmode = verify: is not known")]
    [InlineData("postgresql://bob:x@h.internal/db?connect_timeout=10000", "this looks like milliseconds")]
    [InlineData("postgresql://bob:x@h.internal/db?connection_limit=0", "is no number it can be")]
    [InlineData("postgresql://bob:x@h.internal/db?schema=a&schema=b", "gives schema twice")]
    [InlineData("postgresql://bob:x@h.internal/db?sslcert=a&sslrootcert=b", "differs from sslrootcert=b")]
    [InlineData("postgresql://bob:x@h.internal/db?sslidentity=a.p12", "client certificates are not supported yet")]
    [InlineData("postgresql://bob:x@h.internal/db?pgbouncer", "has a parameter without a value")]
    public void Says_what_is_wrong_with(string text, string problem)
    {
        var error = Assert.Throws<SlipwayException>(() => DatabaseUrl.Parse("DATABASE_URL", text));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static DatabaseUrl Parse(string parameters) =>
        DatabaseUrl.Parse("DATABASE_URL", $"postgresql://bob:x@h.internal/db?{parameters}");
}
