namespace Nuke.Common.IO;

/// <summary>What happens when the target of a copy or move exists.</summary>
[Flags]
public enum ExistsPolicy
{
    /// <summary>Fail.</summary>
    Fail = 0,

    /// <summary>Merge into an existing folder.</summary>
    DirectoryMerge = 1,

    /// <summary>Fail on an existing folder.</summary>
    DirectoryFail = 2,

    /// <summary>Keep existing files.</summary>
    FileSkip = 4,

    /// <summary>Replace existing files.</summary>
    FileOverwrite = 8,

    /// <summary>Replace existing files that are older.</summary>
    FileOverwriteIfNewer = 16,

    /// <summary>Fail on an existing file.</summary>
    FileFail = 32,

    /// <summary>Merge folders and keep existing files.</summary>
    MergeAndSkip = DirectoryMerge | FileSkip,

    /// <summary>Merge folders and replace existing files.</summary>
    MergeAndOverwrite = DirectoryMerge | FileOverwrite,

    /// <summary>Merge folders and replace existing files that are older.</summary>
    MergeAndOverwriteIfNewer = DirectoryMerge | FileOverwriteIfNewer,
}
