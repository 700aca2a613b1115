using System.Diagnostics.CodeAnalysis;
using Slipway.Settings;

namespace Slipway.Backups.Age;

/// <summary>Who can write and who can read the backups, as one setting says it.</summary>
/// <remarks>
/// The setting holds <c>age1…</c> recipients, <c>AGE-SECRET-KEY-1…</c> keys or both, separated by commas or white space; or
/// 32 random bytes in hex or base64, of which a key is derived; or a passphrase.
/// </remarks>
public sealed class BackupKey
{
    internal BackupKey(IReadOnlyList<AgeRecipient> recipients, IReadOnlyList<AgeIdentity> identities)
    {
        Recipients = recipients;
        Identities = identities;
    }

    /// <summary>Whom new backups are encrypted for; of several secret keys the first.</summary>
    public IReadOnlyList<AgeRecipient> Recipients { get; }

    /// <summary>What opens backups; empty when the setting holds public keys only.</summary>
    public IReadOnlyList<AgeIdentity> Identities { get; }

    /// <summary>True when the backups that are written with it can be read with it.</summary>
    public bool CanRead => Identities.Count > 0;

    /// <summary>Short names of the recipients, for manifests.</summary>
    public IReadOnlyList<string> KeyIds => [.. Recipients.Select(recipient => recipient.KeyId)];

    /// <summary>
    /// The secret keys as the age tool reads them from a file; empty for public keys and for a passphrase, which the tool asks for.
    /// </summary>
    public IReadOnlyList<Secret> Export() =>
        [.. Identities.OfType<X25519Identity>().Select(identity => identity.Export())];

    /// <summary>Reads the setting.</summary>
    /// <param name="name">Name of the setting, for the problem.</param>
    /// <param name="value">Its value.</param>
    /// <param name="key">The key.</param>
    /// <param name="problem">Why the value is refused; it never holds a part of the value.</param>
    public static bool TryParse(
        string name,
        Secret value,
        [NotNullWhen(true)] out BackupKey? key,
        [NotNullWhen(false)] out SettingsProblem? problem
    )
    {
        (key, var refusal) = BackupKeyParser.Parse(value.Reveal());
        problem = key is null ? new(name, null, refusal.Problem, refusal.Remedy) : null;
        return key is not null;
    }
}
