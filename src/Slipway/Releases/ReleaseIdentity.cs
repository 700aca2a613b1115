using System.Security.Cryptography;
using System.Text;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Names the release that a project's folder holds.</summary>
public sealed class ReleaseIdentity(IProcessRunner processes)
{
    private const int Short = 12;

    /// <summary>The commit of the folder, and a hash of every change that is in no commit.</summary>
    /// <exception cref="SlipwayException">There is no git, or no commit.</exception>
    public async Task<Release> OfAsync(string root, CancellationToken cancellationToken)
    {
        var commit = (await GitAsync(root, ["rev-parse", "HEAD"], cancellationToken)).Trim();
        string[] words = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"];
        var changes = await GitAsync(root, words, cancellationToken);
        if (changes.Length == 0)
        {
            return new(commit[..Short], commit);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var change in changes.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(change));
            var file = Path.Combine(root, change[3..]);
            if (File.Exists(file))
            {
                hash.AppendData(SHA256.HashData(await File.ReadAllBytesAsync(file, cancellationToken)));
            }
        }

        return new($"{commit[..Short]}-{Convert.ToHexStringLower(hash.GetHashAndReset())[..8]}", commit);
    }

    private async Task<string> GitAsync(string root, string[] words, CancellationToken cancellationToken)
    {
        var command = new Command("git", ["-c", $"safe.directory={root}", .. words])
        {
            Folder = root,
            Timeout = TimeSpan.FromMinutes(1),
        };
        var result = await processes.RunAsync(command, null, cancellationToken);
        return result.ExitCode == 0
            ? result.Output
            : throw new SlipwayException(
                $"The release cannot be named: {command} in {root} says {result.Error}",
                "deploy from a git repository with at least one commit: git init && git add -A && git commit",
                ExitCode.Refused
            );
    }
}
