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

        // age-keygen writes comments above its key, and people copy the whole file.
        var words = Words(text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')));
        if (words.Exists(AgeLikeness.IsMeant))
        {
            return AgeKeys(words);
        }

        if (Words([text]).Exists(AgeLikeness.IsMeant))
        {
            return (null, BackupKeyRefusal.Copy("names an age key in a comment only"));
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

    private static List<string> Words(IEnumerable<string> lines) =>
        [.. lines.SelectMany(line => line.Split(Separators, StringSplitOptions.RemoveEmptyEntries))];

    private static (BackupKey?, BackupKeyRefusal) AgeKeys(List<string> words)
    {
        List<AgeRecipient> recipients = [];
        List<AgeIdentity> identities = [];
        for (var place = 0; place < words.Count; place++)
        {
            var word = words[place];
            var which = words.Count == 1 ? "" : $"part {place + 1} ";
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
