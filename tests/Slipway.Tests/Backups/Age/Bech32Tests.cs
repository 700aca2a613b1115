using CsCheck;
using Slipway.Backups.Age;

namespace Slipway.Tests.Backups.Age;

public sealed class Bech32Tests
{
    [Fact]
    public void Reads_back_what_it_wrote() =>
        Gen
            .Byte.Array[1, 80]
            .Sample(value =>
            {
                var text = Bech32.Encode("age", value);

                Assert.Null(Bech32.Decode(text, out var prefix, out var bytes));
                Assert.Equal("age", prefix);
                Assert.Equal(value, bytes);
                Assert.Null(Bech32.Decode(text.ToUpperInvariant(), out _, out _));
            });

    // Of the checksum's promises: any single wrong character is found.
    [Fact]
    public void Finds_every_wrong_character()
    {
        var text = Bech32.Encode("age", AgeFile.Content(32));
        for (var place = 0; place < text.Length; place++)
        {
            foreach (var letter in "qpzry9x8gf2tvdw0s3jn54khce6mua7l1boi".Where(letter => letter != text[place]))
            {
                var wrong = text.Remove(place, 1).Insert(place, $"{letter}");
                Assert.NotNull(Bech32.Decode(wrong, out _, out _));
            }
        }
    }

    // From BIP 173.
    [Theory]
    [InlineData("A12UEL5L", "")]
    [InlineData("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "00443214c74254b635cf84653a56d7c675be77df")]
    [InlineData(
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        "c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d"
    )]
    public void Reads_the_examples_of_its_specification(string text, string hex)
    {
        var problem = Bech32.Decode(text, out _, out var value);

        Assert.Equal(hex.Length == 0 ? "is incomplete" : null, problem);
        Assert.Equal(hex, Convert.ToHexStringLower(value));
    }

    [Theory]
    [InlineData("A12uEL5L")]
    [InlineData("pzry9x0s0muk")]
    [InlineData("1pzry9x0s0muk")]
    [InlineData("x1b4n0q5v")]
    [InlineData("li1dgmt3")]
    [InlineData("A1G7SGD8")]
    [InlineData("10a06t8")]
    [InlineData("1qzzfhee")]
    public void Refuses_the_mistakes_of_its_specification(string text) =>
        Assert.NotNull(Bech32.Decode(text, out _, out _));
}
