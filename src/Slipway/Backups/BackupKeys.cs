namespace Slipway.Backups;

/// <summary>The store's keys of backups: <c>backups/&lt;environment&gt;/&lt;id&gt;/&lt;file&gt;</c>.</summary>
internal static class BackupKeys
{
    private const string Verified = "verified-";

    /// <summary>What every key of an environment's backups starts with.</summary>
    public static string Prefix(string environment) => $"backups/{environment}/";

    /// <summary>What every key of one backup starts with.</summary>
    public static string Folder(string environment, string id) => $"{Prefix(environment)}{id}/";

    public static string File(string environment, string id, string name) => $"{Folder(environment, id)}{name}";

    public static string Manifest(string environment, string id) => File(environment, id, "manifest.json");

    /// <summary>A verification is an object of its own, so that a locked backup can be verified again.</summary>
    public static string Verification(string environment, string id, string stamp) =>
        File(environment, id, $"{Verified}{stamp}.json");

    public static bool IsManifest(string key) => key.EndsWith("/manifest.json", StringComparison.Ordinal);

    public static bool IsVerification(string key) =>
        key[(key.LastIndexOf('/') + 1)..].StartsWith(Verified, StringComparison.Ordinal);

    /// <summary>The beginning of an id that tells when its backup was begun, to the second.</summary>
    public static string Second(string id) => id.Split('-')[0];

    /// <summary>The backup that a key belongs to.</summary>
    public static string Id(string key) => key.Split('/') is [.., var id, _] ? id : "";
}
