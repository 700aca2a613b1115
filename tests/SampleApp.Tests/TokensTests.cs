using Microsoft.AspNetCore.Http;

namespace SampleApp.Tests;

public sealed class TokensTests
{
    private readonly Tokens _tokens = new(Settings('a'));

    [Fact]
    public void Knows_the_user_of_its_own_token() => Assert.Equal(42, UserOf(_tokens, _tokens.Access(42)));

    [Fact]
    public void Refuses_a_token_signed_by_another() =>
        Assert.Null(UserOf(_tokens, new Tokens(Settings('b')).Access(42)));

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiJ9.")]
    public void Refuses_what_is_no_token(string token) => Assert.Null(UserOf(_tokens, token));

    [Fact]
    public void Accepts_a_csrf_token_only_in_cookie_and_header_and_only_its_own()
    {
        var token = _tokens.NewCsrf();

        Assert.True(_tokens.CsrfFits(token, token));
        Assert.False(_tokens.CsrfFits(null, token));
        Assert.False(_tokens.CsrfFits("x.y", "x.y"));
    }

    private static long? UserOf(Tokens tokens, string token)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = $"Bearer {token}";
        return tokens.UserOf(request);
    }

    private static AppSettings Settings(char secret) =>
        new()
        {
            ConnectionString = "",
            Port = 0,
            Version = "test",
            AccessTokenSecret = new string(secret, 32),
            RefreshTokenSecret = new string(secret, 32),
            CsrfSecret = new string(secret, 32),
        };
}
