using Slipway.Storage;

namespace Slipway.Backups.Copying;

/// <summary>Removes files of a backup that its manifest no longer names.</summary>
/// <remarks>
/// Nobody holds a lock here: somebody else may be writing files that the next manifest names. So only those go that surely
/// nobody will name: those of the manifest that was replaced, those that the backup was taken with once others took their
/// place, and those that are a day old.
/// </remarks>
internal sealed class Superseded(IObjectStore store, TimeProvider time)
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(24);

    /// <summary>Removes them.</summary>
    /// <param name="current">The backup's manifest.</param>
    /// <param name="replaced">Names of files of the manifest before, or of this run; may be named by the current one too.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task RemoveAsync(
        BackupManifest current,
        IReadOnlyCollection<string> replaced,
        CancellationToken cancellationToken
    )
    {
        var folder = BackupKeys.Folder(current.Environment, current.Id);
        var named = current.Archives.Select(archive => archive.Name).ToList();
        foreach (var item in await store.ListAsync(folder, cancellationToken))
        {
            var name = item.Key[folder.Length..];
            if (!named.Contains(name) && (replaced.Contains(name) || IsOver(name, named)))
            {
                await store.DeleteAsync(item.Key, cancellationToken);
            }
        }
    }

    private bool IsOver(string name, List<string> named) =>
        ArchiveName.Of(name) is { } file
        && named.Select(ArchiveName.Of).FirstOrDefault(one => one?.Base == file.Base) is { } current
        && (file.Made is { } made ? time.GetUtcNow() - made > Abandoned : current.Made is not null);
}
