using System.Security.Cryptography;
using System.Text;
using Slipway.Processes;
using Slipway.Settings;

namespace Slipway.Releases;

/// <summary>Names the release that a project's folder holds.</summary>
public sealed class ReleaseIdentity(IProcessRunner processes)
{
    private const int Short = 12;

    // What runs of Slipway themselves leave in a project, should its .gitignore not name it.
    private static readonly string[] Ours =
    [
        ":(exclude).nuke/temp",
        ":(exclude).nuke/build.schema.json",
        ":(exclude,glob).nuke/environments/*.env",
    ];

    /// <summary>The commit of the folder, and a hash of every change that is in no commit.</summary>
    /// <exception cref="SlipwayException">There is no git, or no commit.</exception>
    public async Task<Release> OfAsync(string root, CancellationToken cancellationToken)
    {
        // Of a project in a subfolder all of the repository counts: nobody knows what it is built from.
        var about = await GitAsync(root, ["rev-parse", "HEAD", "--show-toplevel"], cancellationToken);
        var (commit, top) = about.Trim().Split('\n') is [var head, var folder] ? (head, folder) : (about.Trim(), root);
        string[] words =
        [
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--",
            ".",
            .. Ours,
        ];
        var changes = await GitAsync(root, words, cancellationToken);
        if (changes.Length == 0)
        {
            return new(commit[..Short], commit);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var change in changes.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(change));
            var file = Path.Combine(top, change[3..]);
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
