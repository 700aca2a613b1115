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
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
