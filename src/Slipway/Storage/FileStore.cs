namespace Slipway.Storage;

/// <summary>A folder as object store: every object a file that only its owner reads.</summary>
/// <remarks>An object is written beside its place, flushed to the disk and renamed, so that nobody sees a half one.</remarks>
public sealed class FileStore(string folder) : IObjectStore
{
    private const string Unfinished = ".part";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <inheritdoc />
    public string Location => folder;

    /// <inheritdoc />
    public async Task PutAsync(
        string key,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        var path = PathOf(key);
        var part = await WritePartAsync(path, write, cancellationToken);
        File.Move(part, path, overwrite: true);
        DurableFolder.Flush(Path.GetDirectoryName(path)!);
    }

    /// <inheritdoc />
    public async Task<bool> TryCreateAsync(
        string key,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellationToken
    )
    {
        var path = PathOf(key);
        var part = await WritePartAsync(
            path,
            (stream, token) => stream.WriteAsync(content, token).AsTask(),
            cancellationToken
        );
        try
        {
            // A rename that must not replace anything: of two at once one gets the error.
            HardLink.Create(part, path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(part);
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
    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return Task.FromResult<IReadOnlyList<StoredObject>>([]);
        }

        var found = new DirectoryInfo(folder)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => !file.Name.EndsWith(Unfinished, StringComparison.Ordinal))
            .Select(file => new StoredObject(
                Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'),
                file.Length
            ))
            .Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(item => item.Key, StringComparer.Ordinal)
            .ToList();
        return Task.FromResult<IReadOnlyList<StoredObject>>(found);
    }

    /// <inheritdoc />
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (File.Exists(path))
        {
            File.Delete(path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
        }

        return Task.CompletedTask;
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

    private async Task<string> WritePartAsync(
        string path,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        PrivateFolder.CreateFrom(folder, Path.GetDirectoryName(path)!);
        var part = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 1 << 20,
                Options = FileOptions.Asynchronous,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = Private;
            }

            await using var stream = new FileStream(part, options);
            await write(stream, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            stream.Flush(flushToDisk: true);
            return part;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private string PathOf(string key) =>
        Path.Combine(folder, ObjectKey.Check(key, Location).Replace('/', Path.DirectorySeparatorChar));
}
