using System.Text;
using System.Text.Json;
using Slipway.Settings;
using Slipway.Storage;

namespace Slipway.Backups.Copying;

/// <summary>Reads manifests as stores hold them.</summary>
internal static class ManifestFile
{
    /// <summary>Reads one.</summary>
    /// <exception cref="SlipwayException">It is none.</exception>
    public static BackupManifest Parse(string key, byte[] content)
    {
        try
        {
            return BackupManifest.Parse(Encoding.UTF8.GetString(content)) ?? throw new JsonException("it is empty");
        }
        catch (JsonException exception)
        {
            throw new SlipwayException(
                $"{key} cannot be read: {exception.Message}",
                "do not rely on this backup",
                ExitCode.Failed,
                exception
            );
        }
    }

    /// <summary>Refuses a manifest that may name files that are not known here.</summary>
    /// <exception cref="SlipwayException">It does.</exception>
    public static void RefuseNewer(BackupManifest manifest, IObjectStore store)
    {
        if (manifest.Schema > BackupManifest.CurrentSchema)
        {
            throw new SlipwayException(
                $"Backup {manifest.Id} in {store.Location} was written by a newer Slipway: form {manifest.Schema}, and "
                    + $"{BackupManifest.CurrentSchema} is the newest that is known here",
                "take that version",
                ExitCode.Refused
            );
        }
    }
}
