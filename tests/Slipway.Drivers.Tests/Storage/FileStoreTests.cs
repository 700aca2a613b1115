using Slipway.Storage;

namespace Slipway.Drivers.Tests.Storage;

public sealed class FileStoreTests : ObjectStoreContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-store-");

    protected override IObjectStore Store => new FileStore(Path.Combine(_folder.FullName, "store"));

    [Fact]
    public async Task Keeps_objects_from_other_users()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await Store.TryCreateAsync("a/b", "x"u8.ToArray(), TestContext.Current.CancellationToken);

        var file = Path.Combine(_folder.FullName, "store", "a", "b");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(Owner, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(_folder.FullName, "store")));
    }

    [Fact]
    public async Task Looks_for_room_without_making_its_folder()
    {
        var free = await Store.FreeBytesAsync(TestContext.Current.CancellationToken);

        Assert.True(free > 0);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
