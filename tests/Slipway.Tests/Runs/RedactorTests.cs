using Slipway.Runs;

namespace Slipway.Tests.Runs;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("key s3cr€t/+\"x", "key [REDACTED]")]
    [InlineData("key s3cr%E2%82%ACt%2F%2B%22x", "key [REDACTED]")]
    [InlineData("key s3cr%e2%82%act%2f%2b%22x", "key [REDACTED]")]
    [InlineData("{\"key\":\"s3cr€t/+\\\"x\"}", "{\"key\":\"[REDACTED]\"}")]
    [InlineData("{\"key\":\"s3cr\\u20ACt/\\u002B\\u0022x\"}", "{\"key\":\"[REDACTED]\"}")]
    [InlineData("line two of it", "[REDACTED]")]
    [InlineData("abc", "abc")]
    [InlineData("postgresql://app:hunter2@db:5432/notes", "postgresql://app:[REDACTED]@db:5432/notes")]
    [InlineData("http://localhost:8080/a@b", "http://localhost:8080/a@b")]
    public void Hides_every_form_of_a_secret(string text, string expected) =>
        Assert.Equal(
            expected,
            new Redactor([new("s3cr€t/+\"x"), new("line one of it\n  line two of it\n"), new("abc")]).Text(text)
        );

    [Fact]
    public void Hides_the_whole_address_before_the_password_in_it() =>
        Assert.Equal(
            "[REDACTED] and [REDACTED]",
            new Redactor([new("swordfish"), new("postgresql://app:swordfish@db/notes")]).Text(
                "postgresql://app:swordfish@db/notes and swordfish"
            )
        );
}
