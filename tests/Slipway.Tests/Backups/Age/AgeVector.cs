using System.IO.Compression;
using System.Text;
using Slipway.Backups.Age;

namespace Slipway.Tests.Backups.Age;

/// <summary>One of the official test vectors of the format.</summary>
internal sealed record AgeVector(string Name, ILookup<string, string> Facts, byte[] File)
{
    public string Expected => Facts["expect"].Single();

    public string? Payload => Facts["payload"].SingleOrDefault();

    /// <summary>Why it says nothing about this implementation, or null.</summary>
    public string? NotApplicable =>
        Facts["armored"].Any() ? "armor is not supported"
        : Facts["identity"].Any(text => text.StartsWith("AGE-SECRET-KEY-PQ-", StringComparison.Ordinal))
            ? "hybrid keys are not supported"
        : null;

    public IReadOnlyList<AgeIdentity> Identities =>
        [
            .. Facts["identity"]
                .Select(text =>
                    X25519Identity.TryParse(text, out var identity, out var problem)
                        ? identity
                        : throw new InvalidOperationException($"{Name}: {problem}")
                ),
            .. Facts["passphrase"].Select(text => new PassphraseIdentity(new(text))),
        ];

    public static AgeVector Read(string name, byte[] content)
    {
        var split = content.AsSpan().IndexOf("\n\n"u8);
        var facts = Encoding
            .UTF8.GetString(content.AsSpan(0, split))
            .Split('\n')
            .Select(line => line.Split(": ", 2))
            .ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var file = content[(split + 2)..];
        return new(name, facts, facts["compressed"].Any() ? Inflate(file) : file);
    }

    private static byte[] Inflate(byte[] content)
    {
        using var inflated = new ZLibStream(new MemoryStream(content), CompressionMode.Decompress);
        var file = new MemoryStream();
        inflated.CopyTo(file);
        return file.ToArray();
    }
}
