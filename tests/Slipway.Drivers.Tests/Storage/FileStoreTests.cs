using System.Diagnostics;
using Slipway.Storage;

namespace Slipway.Drivers.Tests.Storage;

public sealed class FileStoreTests : ObjectStoreContract, IDisposable
{
    private const string ChildFolder = "SLIPWAY_TEST_STORE";
    private const string ChildKey = "SLIPWAY_TEST_KEY";
    private const string NoLocks = "DOTNET_SYSTEM_IO_DISABLEFILELOCKING";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-store-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected override IObjectStore Store => new FileStore(Folder);

    private string Folder => Path.Combine(_folder.FullName, "store");

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

    [Fact]
    public async Task Sweeps_what_a_killed_writer_left_and_not_before_it_is_dead()
    {
        await PutAsync("a/whole", "x");
        await DieWritingAsync("a/half", async () => Assert.Empty(await Store.SweepAsync("a/", Token)));

        Assert.Empty(await Store.SweepAsync("b/", Token));
        var removed = await Store.SweepAsync("a/", Token);

        Assert.Equal("a/half", Assert.Single(removed).Key);
        Assert.Empty(await Store.SweepAsync("a/", Token));
        Assert.Equal(["a/whole"], (await Store.ListAsync("", Token)).Select(item => item.Key));
    }

    [Fact]
    public async Task Sweeps_folders_that_are_empty_and_nothing_beside_its_prefix()
    {
        foreach (var folder in new[] { "backups/test/old/deep", "backups/test/new", "backups/test2", "locks" })
        {
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        }

        await Store.TryCreateAsync("backups/test/new/x", "x"u8.ToArray(), Token);
        await Store.SweepAsync("backups/test/", Token);

        Assert.Equal(
            ["backups", "backups/test", "backups/test/new", "backups/test2", "locks"],
            Directory
                .EnumerateDirectories(Folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Folder, path))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Leaves_files_alone_that_only_look_unfinished()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "a"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "a", "film.part"), "x", Token);

        Assert.Empty(await Store.SweepAsync("a/", Token));
        Assert.Equal("a/film.part", Assert.Single(await Store.ListAsync("a/", Token)).Key);
    }

    [Fact]
    public async Task Waits_a_day_where_files_cannot_be_locked()
    {
        var key = $"a/{Guid.NewGuid():N}";
        await DieWritingAsync(key, () => Task.CompletedTask);
        var part = Assert.Single(Directory.GetFiles(Path.Combine(Folder, "a"), "*.part"));

        await RunChildAsync(nameof(Sweeps_in_a_process_of_its_own), key, locks: false);
        Assert.True(File.Exists(part));

        File.SetLastWriteTimeUtc(part, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-25));
        await RunChildAsync(nameof(Sweeps_in_a_process_of_its_own), key, locks: false);
        Assert.False(File.Exists(part));
    }

    // What this class starts as a process of its own; among the other tests it has nothing to do.
    [Fact]
    public Task Writes_until_it_is_killed() =>
        Child()
            ?.PutAsync(
                Environment.GetEnvironmentVariable(ChildKey)!,
                async (stream, token) =>
                {
                    await stream.WriteAsync("half"u8.ToArray(), token);
                    await stream.FlushAsync(token);
                    await Task.Delay(Timeout.Infinite, token);
                },
                Token
            )
        ?? Task.CompletedTask;

    [Fact]
    public Task Sweeps_in_a_process_of_its_own() => Child()?.SweepAsync("a/", Token) ?? Task.CompletedTask;

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task DieWritingAsync(string key, Func<Task> whileItLives)
    {
        using var child = StartChild(nameof(Writes_until_it_is_killed), key, locks: true);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            patience.CancelAfter(TimeSpan.FromMinutes(1));
            while (!HasHalf(key))
            {
                Assert.False(child.HasExited, "the writing process ended by itself");
                await Task.Delay(20, patience.Token);
            }

            await whileItLives();
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(Token);
        }
    }

    private static FileStore? Child() =>
        Environment.GetEnvironmentVariable(ChildFolder) is { } folder ? new(folder) : null;

    private bool HasHalf(string key)
    {
        var path = Path.Combine(Folder, key);
        var folder = new DirectoryInfo(Path.GetDirectoryName(path)!);
        return folder.Exists && folder.EnumerateFiles($"{Path.GetFileName(path)}.*.part").Any(part => part.Length == 4);
    }

    private async Task RunChildAsync(string test, string key, bool locks)
    {
        using var child = StartChild(test, key, locks);
        await child.WaitForExitAsync(Token);
        Assert.Equal(0, child.ExitCode);
    }

    private Process StartChild(string test, string key, bool locks)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                typeof(FileStoreTests).Assembly.Location,
                "-method",
                $"{typeof(FileStoreTests).FullName}.{test}",
            },
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[ChildFolder] = Folder;
        start.Environment[ChildKey] = key;
        start.Environment[NoLocks] = locks ? "0" : "1";
        var child = Process.Start(start)!;
        child.OutputDataReceived += (_, _) => { };
        child.BeginOutputReadLine();
        return child;
    }
}
