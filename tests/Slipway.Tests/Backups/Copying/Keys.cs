using Slipway.Backups.Age;
using Slipway.Settings;

namespace Slipway.Tests.Backups.Copying;

/// <summary>Keys for tests.</summary>
internal static class Keys
{
    /// <summary>One of 32 bytes.</summary>
    public static BackupKey Of(byte seed) =>
        Parse(Convert.ToHexString([.. Enumerable.Range(0, 32).Select(place => (byte)((place * 7) + seed))]));

    public static BackupKey Parse(string text) =>
        BackupKey.TryParse("KEY", new Secret(text), out var key, out var problem)
            ? key
            : throw new InvalidOperationException($"{problem}");

    /// <summary>The first writes, all of them read.</summary>
    public static BackupKey Together(params IReadOnlyList<BackupKey> keys) =>
        Parse(string.Join(',', keys.SelectMany(key => key.Export()).Select(secret => secret.Reveal())));
}
