using System.Collections.Concurrent;
using CsCheck;
using Nuke.Common.Output;

namespace Slipway.Engine.Tests.Output;

public sealed class MaskingWriterTests
{
    [Fact]
    public void Hides_a_secret_however_the_writes_cut_it() =>
        Gen.Select(
                Gen.String[Gen.Char['a', 'd'], 4, 8],
                Gen.String[Gen.Char['a', 'd'], 0, 40],
                Gen.Int[0, 60].Array[0, 6]
            )
            .Sample(
                (secret, around, cuts) =>
                {
                    var text = around + secret + around;
                    return !Write([secret], Pieces(text, cuts)).Contains(secret, StringComparison.Ordinal);
                }
            );

    [Fact]
    public void Leaves_everything_else_as_it_is() =>
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 0, 60], Gen.Int[0, 60].Array[0, 6])
            .Sample((text, cuts) => Write(["ZZZZ", "0000"], Pieces(text, cuts)) == text);

    private static string Write(string[] secrets, IEnumerable<string> pieces)
    {
        var inner = new StringWriter();
        var masks = new ConcurrentDictionary<string, byte>(
            secrets.Select(secret => KeyValuePair.Create(secret, (byte)0))
        );
        using var writer = new MaskingWriter(inner, masks);
        foreach (var piece in pieces)
        {
            writer.Write(piece);
        }

        writer.Flush();
        return inner.ToString();
    }

    private static IEnumerable<string> Pieces(string text, int[] cuts)
    {
        var places = cuts.Where(cut => cut < text.Length).Append(0).Append(text.Length).Distinct().Order().ToList();
        return places.Zip(places.Skip(1), (from, to) => text[from..to]);
    }
}
