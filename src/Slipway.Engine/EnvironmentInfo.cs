using System.Collections;
using System.Runtime.InteropServices;
using Nuke.Common.IO;
using Nuke.Common.ValueInjection;

#pragma warning disable RS0030 // This is the one place that build code reads the environment through.

namespace Nuke.Common;

/// <summary>The machine and the process.</summary>
public static class EnvironmentInfo
{
    /// <summary>Whether this is Windows.</summary>
    public static bool IsWin => OperatingSystem.IsWindows();

    /// <summary>Whether this is macOS.</summary>
    public static bool IsOsx => OperatingSystem.IsMacOS();

    /// <summary>Whether this is Linux.</summary>
    public static bool IsLinux => OperatingSystem.IsLinux();

    /// <summary>Whether this is Linux or macOS.</summary>
    public static bool IsUnix => IsLinux || IsOsx;

    /// <summary>Whether the process is a 64-bit one.</summary>
    public static bool Is64Bit => Environment.Is64BitProcess;

    /// <summary>Whether the processor is a 64-bit ARM.</summary>
    public static bool IsArm64 => RuntimeInformation.OSArchitecture == Architecture.Arm64;

    /// <summary>The operating system.</summary>
    public static PlatformFamily Platform =>
        IsWin ? PlatformFamily.Windows
        : IsLinux ? PlatformFamily.Linux
        : IsOsx ? PlatformFamily.OSX
        : PlatformFamily.Unknown;

    /// <summary>The name of the machine.</summary>
    public static string MachineName => Environment.MachineName;

    /// <summary>The current folder.</summary>
    public static AbsolutePath WorkingDirectory => AbsolutePath.Create(Directory.GetCurrentDirectory());

    /// <summary>The environment variables.</summary>
    public static IReadOnlyDictionary<string, string> Variables
    {
        get
        {
            var comparer = IsWin ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
            var variables = new Dictionary<string, string>(comparer);
            foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            {
                variables[(string)entry.Key] = entry.Value as string ?? "";
            }

            return variables;
        }
    }

    /// <summary>The words of the command line, with the executable.</summary>
    public static string[] CommandLineArguments => Environment.GetCommandLineArgs();

    /// <summary>Whether an environment variable is set.</summary>
    /// <param name="name">Its name.</param>
    public static bool HasVariable(string name) => GetVariable(name) is not null;

    /// <summary>An environment variable, or null.</summary>
    /// <param name="name">Its name.</param>
    public static string? GetVariable(string name) => Environment.GetEnvironmentVariable(name);

    /// <summary>An environment variable, or the default of the type.</summary>
    /// <typeparam name="T">What it is converted to.</typeparam>
    /// <param name="name">Its name.</param>
    public static T? GetVariable<T>(string name)
    {
        if (GetVariable(name) is not { } text)
        {
            return default;
        }

        var (value, problem) = ValueConverter.Convert(typeof(T), [text], separator: null, WorkingDirectory);
        Assert.True(problem is null, $"Environment variable {name}: {problem}");
        return (T?)value;
    }

    /// <summary>Sets an environment variable of this process; null removes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public static void SetVariable(string name, string? value) => Environment.SetEnvironmentVariable(name, value);

    /// <summary>Puts environment variables in place of <c>%NAME%</c>.</summary>
    /// <param name="value">The text.</param>
    public static string ExpandVariables(string value) => Environment.ExpandEnvironmentVariables(value);

    /// <summary>A folder of the user or the system, or null.</summary>
    /// <param name="folder">Which one.</param>
    public static AbsolutePath? SpecialFolder(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder) is { Length: > 0 } path ? AbsolutePath.Create(path) : null;
}
