using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>Tells the forms of a backup key apart, so that a mistyped key never becomes a passphrase.</summary>
internal static class BackupKeyParser
{
    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n'];

    public static (BackupKey? Key, BackupKeyRefusal Refusal) Parse(string value)
    {
        var text = value.Trim();
        if (text.Length == 0)
        {
            return (null, BackupKeyRefusal.Replace("is empty"));
        }

        var words = Words(text);
        if (words.Exists(AgeLikeness.IsMeant))
        {
            return AgeKeys(words);
        }

        if (RawKey.Decode(text, out var refusal) is { } bytes)
        {
            var identity = RawKey.Derive(bytes);
            return (new([identity.Recipient], [identity]), default);
        }

        return (refusal ?? Passphrase.Refuse(text)) is { } refused ? (null, refused) : (OfPassphrase(text), default);
    }

    private static BackupKey OfPassphrase(string text)
    {
        var identity = new PassphraseIdentity(new Secret(text));
        return new([identity.Recipient], [identity]);
    }

    // age-keygen writes comments above its key, and people copy the whole file.
    private static List<string> Words(string text) =>
        [
            .. text.Split('\n')
                .Where(line => !line.TrimStart().StartsWith('#'))
                .SelectMany(line => line.Split(Separators, StringSplitOptions.RemoveEmptyEntries)),
        ];

    private static (BackupKey?, BackupKeyRefusal) AgeKeys(List<string> words)
    {
        List<AgeRecipient> recipients = [];
        List<AgeIdentity> identities = [];
        for (var place = 0; place < words.Count; place++)
        {
            var word = words[place];
            var which = words.Count == 1 ? "" : $"its {place + 1}. part ";
            if (!AgeLikeness.IsMeant(word))
            {
                return (
                    null,
                    new($"{which}is no age key", "give age keys only, with commas between, or one passphrase alone")
                );
            }

            string? problem;
            if (AgeLikeness.IsSecret(word))
            {
                if (X25519Identity.TryParse(word, out var identity, out problem))
                {
                    identities.Add(identity);
                }
            }
            else if (X25519Recipient.TryParse(word, out var recipient, out problem))
            {
                recipients.Add(recipient);
            }

            if (problem is not null)
            {
                return (null, BackupKeyRefusal.Copy($"{which}looks like an age key and {problem}"));
            }
        }

        return (new(Writers(recipients, identities), identities), default);
    }

    // The first secret key writes; those behind it only read what was written before.
    private static List<AgeRecipient> Writers(List<AgeRecipient> recipients, List<AgeIdentity> identities) =>
        [.. identities.Take(1).Select(identity => identity.Recipient).Concat(recipients).DistinctBy(one => one.KeyId)];
}
