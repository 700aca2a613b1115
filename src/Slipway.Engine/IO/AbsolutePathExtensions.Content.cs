using System.Text;

namespace Nuke.Common.IO;

/// <content>Reads and writes files; text is UTF-8 without a mark, and folders are made as needed.</content>
public static partial class AbsolutePathExtensions
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The text of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">The encoding; null is UTF-8.</param>
    public static string ReadAllText(this AbsolutePath path, Encoding? encoding = null) =>
        File.ReadAllText(path, encoding ?? Utf8);

    /// <summary>The lines of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">The encoding; null is UTF-8.</param>
    public static string[] ReadAllLines(this AbsolutePath path, Encoding? encoding = null) =>
        File.ReadAllLines(path, encoding ?? Utf8);

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">The file.</param>
    public static byte[] ReadAllBytes(this AbsolutePath path) => File.ReadAllBytes(path);

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its text.</param>
    /// <param name="encoding">The encoding; null is UTF-8.</param>
    /// <param name="platformFamily">Not used; it keeps the place of NUKE's argument.</param>
    /// <param name="eofLineBreak">Whether the text is made to end with a line break.</param>
    public static AbsolutePath WriteAllText(
        this AbsolutePath path,
        string content,
        Encoding? encoding = null,
        PlatformFamily? platformFamily = null,
        bool eofLineBreak = true
    )
    {
        _ = platformFamily;
        path.Parent?.CreateDirectory();
        var end = eofLineBreak && !content.EndsWith('\n') ? Environment.NewLine : "";
        File.WriteAllText(path, content + end, encoding ?? Utf8);
        return path;
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="encoding">The encoding; null is UTF-8.</param>
    public static AbsolutePath WriteAllLines(
        this AbsolutePath path,
        IEnumerable<string> lines,
        Encoding? encoding = null
    )
    {
        path.Parent?.CreateDirectory();
        File.WriteAllLines(path, lines, encoding ?? Utf8);
        return path;
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its bytes.</param>
    public static AbsolutePath WriteAllBytes(this AbsolutePath path, byte[] bytes)
    {
        path.Parent?.CreateDirectory();
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Adds to the end of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The text.</param>
    /// <param name="encoding">The encoding; null is UTF-8.</param>
    public static AbsolutePath AppendAllText(this AbsolutePath path, string content, Encoding? encoding = null)
    {
        path.Parent?.CreateDirectory();
        File.AppendAllText(path, content, encoding ?? Utf8);
        return path;
    }

    /// <summary>Adds lines to the end of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="encoding">The encoding; null is UTF-8.</param>
    public static AbsolutePath AppendAllLines(
        this AbsolutePath path,
        IEnumerable<string> lines,
        Encoding? encoding = null
    )
    {
        path.Parent?.CreateDirectory();
        File.AppendAllLines(path, lines, encoding ?? Utf8);
        return path;
    }

    /// <summary>Makes an empty file, or sets the time of an existing one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The time; null is now.</param>
    /// <param name="createDirectories">Whether its folder is made.</param>
    public static AbsolutePath TouchFile(this AbsolutePath path, DateTime? time = null, bool createDirectories = true)
    {
        if (createDirectories)
        {
            path.Parent?.CreateDirectory();
        }

        using (File.Open(path, FileMode.OpenOrCreate, FileAccess.Write)) { }
        File.SetLastWriteTimeUtc(path, (time ?? TimeProvider.System.GetUtcNow().UtcDateTime).ToUniversalTime());
        return path;
    }
}
