namespace Nuke.Common.IO;

/// <content>Copies, moves and renames.</content>
public static partial class AbsolutePathExtensions
{
    /// <summary>Copies a file or folder to a path.</summary>
    /// <param name="source">What to copy.</param>
    /// <param name="target">The copy.</param>
    /// <param name="policy">What happens when the copy exists.</param>
    /// <param name="excludeDirectory">Folders left out.</param>
    /// <param name="excludeFile">Files left out.</param>
    /// <param name="createDirectories">Whether the folder above the copy is made.</param>
    public static AbsolutePath Copy(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool>? excludeDirectory = null,
        Func<AbsolutePath, bool>? excludeFile = null,
        bool createDirectories = true
    ) => Transfer(source, target, policy, excludeDirectory, excludeFile, createDirectories, move: false);

    /// <summary>Copies a file or folder into a folder.</summary>
    /// <param name="source">What to copy.</param>
    /// <param name="targetDirectory">The folder.</param>
    /// <param name="policy">What happens when the copy exists.</param>
    /// <param name="excludeDirectory">Folders left out.</param>
    /// <param name="excludeFile">Files left out.</param>
    /// <param name="createDirectories">Whether the folder is made.</param>
    public static AbsolutePath CopyToDirectory(
        this AbsolutePath source,
        AbsolutePath targetDirectory,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool>? excludeDirectory = null,
        Func<AbsolutePath, bool>? excludeFile = null,
        bool createDirectories = true
    ) => source.Copy(targetDirectory / source.Name, policy, excludeDirectory, excludeFile, createDirectories);

    /// <summary>Moves a file or folder to a path.</summary>
    /// <param name="source">What to move.</param>
    /// <param name="target">Where to.</param>
    /// <param name="policy">What happens when the target exists.</param>
    /// <param name="excludeDirectory">Folders left where they are.</param>
    /// <param name="excludeFile">Files left where they are.</param>
    /// <param name="createDirectories">Whether the folder above the target is made.</param>
    public static AbsolutePath Move(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool>? excludeDirectory = null,
        Func<AbsolutePath, bool>? excludeFile = null,
        bool createDirectories = true
    ) => Transfer(source, target, policy, excludeDirectory, excludeFile, createDirectories, move: true);

    /// <summary>Moves a file or folder into a folder.</summary>
    /// <param name="source">What to move.</param>
    /// <param name="targetDirectory">The folder.</param>
    /// <param name="policy">What happens when the target exists.</param>
    /// <param name="excludeDirectory">Folders left where they are.</param>
    /// <param name="excludeFile">Files left where they are.</param>
    /// <param name="createDirectories">Whether the folder is made.</param>
    public static AbsolutePath MoveToDirectory(
        this AbsolutePath source,
        AbsolutePath targetDirectory,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool>? excludeDirectory = null,
        Func<AbsolutePath, bool>? excludeFile = null,
        bool createDirectories = true
    ) => source.Move(targetDirectory / source.Name, policy, excludeDirectory, excludeFile, createDirectories);

    /// <summary>Gives a file or folder another name in its folder.</summary>
    /// <param name="path">What to rename.</param>
    /// <param name="newName">The name.</param>
    /// <param name="policy">What happens when the name is taken.</param>
    public static AbsolutePath Rename(
        this AbsolutePath path,
        string newName,
        ExistsPolicy policy = ExistsPolicy.Fail
    ) => path.Move(path.Parent! / newName, policy);

    private static AbsolutePath Transfer(
        AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy,
        Func<AbsolutePath, bool>? excludeDirectory,
        Func<AbsolutePath, bool>? excludeFile,
        bool createDirectories,
        bool move
    )
    {
        if (createDirectories)
        {
            target.Parent?.CreateDirectory();
        }

        if (source.FileExists())
        {
            TransferFile(source, target, policy, move);
            return target;
        }

        Assert.DirectoryExists(source);
        Assert.True(
            !target.DirectoryExists() || policy.HasFlag(ExistsPolicy.DirectoryMerge),
            $"Folder '{target}' exists already"
        );
        Assert.True(target != source && !source.Contains(target), $"'{target}' is in '{source}'");
        target.CreateDirectory();
        foreach (var folder in source.GetDirectories().Where(folder => excludeDirectory?.Invoke(folder) is not true))
        {
            Transfer(folder, target / folder.Name, policy, excludeDirectory, excludeFile, createDirectories, move);
        }

        foreach (var file in source.GetFiles().Where(file => excludeFile?.Invoke(file) is not true))
        {
            TransferFile(file, target / file.Name, policy, move);
        }

        if (move && !Directory.EnumerateFileSystemEntries(source).Any())
        {
            Directory.Delete(source);
        }

        return target;
    }

    private static void TransferFile(AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool move)
    {
        if (target.FileExists())
        {
            var older = File.GetLastWriteTimeUtc(target) < File.GetLastWriteTimeUtc(source);
            if (policy.HasFlag(ExistsPolicy.FileSkip) || (policy.HasFlag(ExistsPolicy.FileOverwriteIfNewer) && !older))
            {
                return;
            }

            Assert.True(
                policy.HasFlag(ExistsPolicy.FileOverwrite) || policy.HasFlag(ExistsPolicy.FileOverwriteIfNewer),
                $"File '{target}' exists already"
            );
        }

        if (move)
        {
            File.Move(source, target, overwrite: true);
        }
        else
        {
            File.Copy(source, target, overwrite: true);
        }
    }
}
