using System.Runtime.CompilerServices;

namespace Slipway.Tests.Support;

/// <summary>
/// Compares text with the approved file beside the test. On a difference it writes a <c>.received.</c> file and fails;
/// with <c>APPROVE=1</c> (never on CI) it rewrites the approved file instead.
/// </summary>
internal static class Approval
{
    public static void Match(
        string actual,
        string extension = "txt",
        string? variant = null,
        [CallerFilePath] string file = "",
        [CallerMemberName] string test = ""
    )
    {
        var name = $"{Path.GetFileNameWithoutExtension(file)}.{test}{(variant is null ? "" : $".{variant}")}";
        var folder = Path.Combine(Path.GetDirectoryName(file)!, "Approved");
        var approved = Path.Combine(folder, $"{name}.approved.{extension}");
        var received = Path.Combine(folder, $"{name}.received.{extension}");

        var got = Normalize(actual);
        var want = File.Exists(approved) ? Normalize(File.ReadAllText(approved)) : null;
        if (string.Equals(got, want, StringComparison.Ordinal))
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(folder);
        var approving =
            Environment.GetEnvironmentVariable("APPROVE") is "1" && Environment.GetEnvironmentVariable("CI") is null;
        File.WriteAllText(approving ? approved : received, got);
        if (!approving)
        {
            Assert.Fail(
                $"{Path.GetFileName(approved)} differs{FirstDifference(want, got)}.\nHINT: diff {approved} {received}; rerun with APPROVE=1 to accept."
            );
        }
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private static string FirstDifference(string? want, string got)
    {
        if (want is null)
        {
            return ": there is no approved file yet";
        }

        var (wanted, gotten) = (want.Split('\n'), got.Split('\n'));
        var line = wanted
            .Zip(gotten)
            .TakeWhile(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal))
            .Count();
        return $" at line {line + 1}:\n  approved: {wanted.ElementAtOrDefault(line)}\n  received: {gotten.ElementAtOrDefault(line)}";
    }
}
