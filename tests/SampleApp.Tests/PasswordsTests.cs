namespace SampleApp.Tests;

public sealed class PasswordsTests
{
    private readonly Passwords _passwords = new();

    [Fact]
    public void Knows_the_password_that_was_hashed_and_no_other()
    {
        var hash = _passwords.Hash("correct horse battery");

        Assert.True(_passwords.Fits("correct horse battery", hash));
        Assert.False(_passwords.Fits("correct horse batterx", hash));
    }

    [Fact]
    public void Salts_every_hash() => Assert.NotEqual(_passwords.Hash("the same"), _passwords.Hash("the same"));

    [Fact]
    public void Lets_nobody_in_as_a_seeded_person() => Assert.False(_passwords.Fits("!", "!"));
}
