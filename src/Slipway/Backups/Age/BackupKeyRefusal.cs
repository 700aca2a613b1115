namespace Slipway.Backups.Age;

/// <summary>Why a backup key is refused.</summary>
/// <param name="Problem">What is wrong with it, without a part of it.</param>
/// <param name="Remedy">What to do about it.</param>
internal readonly record struct BackupKeyRefusal(string Problem, string Remedy)
{
    private const string Generate = "make one with: age-keygen, or: openssl rand -base64 32";

    /// <summary>Refuses a value that has to be replaced.</summary>
    public static BackupKeyRefusal Replace(string problem) => new(problem, Generate);

    /// <summary>Refuses a value that was meant well and miscopied.</summary>
    public static BackupKeyRefusal Copy(string problem) =>
        new(problem, "copy the whole key again from where it is kept; nothing else opens the backups made with it");
}
