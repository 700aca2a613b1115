using System.Diagnostics;

namespace Slipway.Tests.Support;

/// <summary>A file system of a few megabytes that PostgreSQL's own user may write to.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private bool _isMounted;

    public string Path { get; } = Directory.CreateTempSubdirectory("slipway-disk-").FullName;

    /// <summary>Makes it.</summary>
    /// <returns>False when that is not allowed here.</returns>
    public async Task<bool> MountAsync(int megabytes)
    {
        _isMounted =
            Environment.IsPrivilegedProcess
            && await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path)
            && await RunAsync("chown", "postgres", Path);
        return _isMounted;
    }

    /// <summary>Makes it larger.</summary>
    public Task<bool> ResizeAsync(int megabytes) => RunAsync("mount", "-o", $"remount,size={megabytes}m", Path);

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await RunAsync("umount", "-l", Path);
        }

        Directory.Delete(Path);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0;
    }
}
