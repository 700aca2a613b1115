using NpgsqlTypes;
using Slipway.Backups;
using Slipway.Backups.PgBackRest;
using static Slipway.Tests.Backups.BackupSamples;

namespace Slipway.Tests.Backups.PgBackRest;

/// <summary>Backups of a server that never was.</summary>
internal static class ServerSamples
{
    public static PgBackRestSettings Settings { get; } =
        new()
        {
            Stanza = "shop",
            DataFolder = "/var/lib/postgresql/15/main",
            Folder = "/var/lib/pgbackrest/shop",
            Repository = new FolderRepository("/mnt/repository"),
            Program = "/no/such/pgbackrest",
        };

    public static ServerBackup Server(
        string label,
        BackupType type,
        DateTimeOffset stopped,
        params IReadOnlyList<BackupVerification> verifications
    ) =>
        new(
            new(
                label,
                type,
                stopped.AddMinutes(-12),
                stopped,
                new NpgsqlLogSequenceNumber(0x2000028),
                new NpgsqlLogSequenceNumber(0x3000050),
                new(1, 0, 2),
                new(1, 0, 3),
                DatabaseBytes: 412_000_000_000,
                CopiedBytes: type is BackupType.Full ? 412_000_000_000 : 9_100_000_000,
                RepositoryBytes: 83_000_000_000,
                AddedBytes: type is BackupType.Full ? 83_000_000_000 : 1_900_000_000,
                HasDamagedPages: false,
                Prior: null,
                "15-1"
            ),
            verifications
        );

    public static BackupVerification Found(
        string label,
        VerificationLevel level,
        DateTimeOffset at,
        string? problem = null
    ) => new(label, level, problem, at, TimeSpan.FromMinutes(25));

    /// <summary>A full backup that was proven, and an incremental one that nobody looked at.</summary>
    public static IReadOnlyList<ServerBackup> Two() =>
        [
            Server(
                "20260314-020000F",
                BackupType.Full,
                Now.AddHours(-30),
                Found("20260314-020000F", VerificationLevel.Restored, Now.AddHours(-20))
            ),
            Server("20260314-020000F_20260315-020000I", BackupType.Incremental, Now.AddHours(-6)),
        ];
}
