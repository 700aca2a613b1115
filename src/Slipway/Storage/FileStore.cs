namespace Slipway.Storage;

/// <summary>A folder as object store: every object a file that only its owner reads.</summary>
/// <remarks>An object is written beside its place, flushed to the disk and renamed, so that nobody sees a half one.</remarks>
public sealed class FileStore(string folder) : IObjectStore
{
    /// <inheritdoc />
    public string Location => folder;

    /// <inheritdoc />
    public Task PutAsync(
        string key,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    ) => WriteAsync(key, write, (part, path) => File.Move(part, path, overwrite: true), cancellationToken);

    /// <inheritdoc />
    public async Task<bool> TryCreateAsync(
        string key,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // A rename that must not replace anything: of two at once one gets the error.
            await WriteAsync(
                key,
                (stream, token) => stream.WriteAsync(content, token).AsTask(),
                HardLink.Create,
                cancellationToken
            );
            return true;
        }
        catch (IOException) when (File.Exists(PathOf(key)))
        {
            return false;
        }
    }

    /// <inheritdoc />
    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(
                new FileStream(
                    PathOf(key),
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.Read | FileShare.Delete,
                    1 << 20,
                    FileOptions.Asynchronous | FileOptions.SequentialScan
                )
            );
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredObject>>([
            .. Files(prefix, isPart: false)
                .Select(file => new StoredObject(KeyOf(file.Path), file.Size))
                .OrderBy(item => item.Key, StringComparer.Ordinal),
        ]);

    /// <inheritdoc />
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (File.Exists(path))
        {
            File.Delete(path);
            FlushIfThere(Path.GetDirectoryName(path)!);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredObject>> SweepAsync(string prefix, CancellationToken cancellationToken)
    {
        var parts = Files(prefix, isPart: true)
            .ToDictionary(file => file.Path, file => file.Size, StringComparer.Ordinal);
        var removed = PartFile
            .Sweep([.. parts.Keys])
            .Select(path => new StoredObject(PartFile.Target(KeyOf(path)), parts[path]))
            .ToList();
        RemoveEmptyFolders(prefix);
        return Task.FromResult<IReadOnlyList<StoredObject>>(removed);
    }

    /// <inheritdoc />
    public Task<long?> FreeBytesAsync(CancellationToken cancellationToken)
    {
        // Where the store will be when there is none yet: looking changes nothing.
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return Task.FromResult<long?>(new DriveInfo(existing).AvailableFreeSpace);
    }

    private async Task WriteAsync(
        string key,
        Func<Stream, CancellationToken, Task> write,
        Action<string, string> publish,
        CancellationToken cancellationToken
    )
    {
        var path = PathOf(key);
        await using var stream = PartFile.Create(folder, path);
        try
        {
            await write(stream, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            stream.Flush(flushToDisk: true);
            // While it is locked: a part that is closed looks like one whose writer died.
            publish(stream.Name, path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(stream.Name);
        }
    }

    private IEnumerable<(string Path, long Size)> Files(string prefix, bool isPart)
    {
        var files = Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            : [];
        foreach (var file in files.Where(file => PartFile.Is(file.Name) == isPart))
        {
            if (KeyOf(file.FullName).StartsWith(prefix, StringComparison.Ordinal) && SizeOf(file) is { } size)
            {
                yield return (file.FullName, size);
            }
        }
    }

    private static long? SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Removed since it was listed.
            return null;
        }
    }

    // What was deleted leaves them behind.
    private void RemoveEmptyFolders(string prefix)
    {
        if (!prefix.EndsWith('/') || !Directory.Exists(folder))
        {
            return;
        }

        var inner = Directory
            .EnumerateDirectories(folder, "*", SearchOption.AllDirectories)
            .Where(path => KeyOf(path).StartsWith(prefix, StringComparison.Ordinal))
            .ToList();
        foreach (var empty in inner.OrderByDescending(path => path.Length).Where(IsEmpty))
        {
            try
            {
                Directory.Delete(empty);
            }
            catch (IOException)
            {
                // Somebody has just put something into it.
            }
        }
    }

    private static void FlushIfThere(string path)
    {
        try
        {
            DurableFolder.Flush(path);
        }
        catch (IOException) when (!Directory.Exists(path))
        {
            // It was empty, and was swept.
        }
    }

    private static bool IsEmpty(string path) => !Directory.EnumerateFileSystemEntries(path).Any();

    private string KeyOf(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    private string PathOf(string key) =>
        Path.Combine(folder, ObjectKey.Check(key, Location).Replace('/', Path.DirectorySeparatorChar));
}
