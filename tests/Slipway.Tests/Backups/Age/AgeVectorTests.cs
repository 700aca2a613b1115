using System.Security.Cryptography;
using Slipway.Backups.Age;
using Slipway.Tests.Support;

namespace Slipway.Tests.Backups.Age;

[Trait("Needs", "Server")]
public sealed class AgeVectorTests
{
    private const string NotApplicable = "not applicable";

    [Fact]
    public async Task Does_with_every_official_vector_what_its_authors_say()
    {
        var vectors = await AgeVectors.LoadAsync();
        var wrong = new List<string>();
        var lines = new List<string>();

        foreach (var vector in vectors)
        {
            var outcome = vector.NotApplicable is { } reason ? $"{NotApplicable}: {reason}" : vector.Expected;
            lines.Add($"{vector.Name}: {outcome}");
            if (vector.NotApplicable is null)
            {
                // Once with the reader's own pieces, once with pieces that fit nowhere.
                wrong.AddRange(await CompareAsync(vector, new MemoryStream(vector.File), 1 << 20));
                wrong.AddRange(await CompareAsync(vector, new HaltingStream(vector.File, 10_007), 1_009));
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(143, vectors.Count);
        Assert.Equal(92, lines.Count(line => !line.Contains(NotApplicable, StringComparison.Ordinal)));
        Approval.Match(string.Join('\n', lines));
    }

    private static async Task<IEnumerable<string>> CompareAsync(AgeVector vector, Stream file, int piece)
    {
        var (plain, error) = await AgeFile.ReadAsync(file, piece, vector.Identities);
        var outcome = error?.Problem switch
        {
            null => "success",
            AgeProblem.NotAge or AgeProblem.HeaderBroken => "header failure",
            AgeProblem.HeaderForged => "HMAC failure",
            AgeProblem.NoKeyFits => "no match",
            _ => "payload failure",
        };
        var hash = Convert.ToHexStringLower(SHA256.HashData(plain));
        return
        [
            .. outcome == vector.Expected ? [] : (string[])[$"{vector.Name}: {outcome}, not {vector.Expected}"],
            .. vector.Payload is null || vector.Payload == hash ? [] : (string[])[$"{vector.Name}: other content"],
        ];
    }
}
