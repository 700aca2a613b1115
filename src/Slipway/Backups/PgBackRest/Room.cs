using System.Globalization;
using Slipway.Settings;

namespace Slipway.Backups.PgBackRest;

/// <summary>Whether there is room for a copy.</summary>
internal static class Room
{
    private const double Reserve = 1.1;

    /// <summary>Refuses when a copy of that size does not fit.</summary>
    public static void Check(string folder, long bytes) =>
        Check(folder, bytes, new DriveInfo(folder).AvailableFreeSpace);

    internal static void Check(string folder, long bytes, long free)
    {
        if (free < bytes * Reserve)
        {
            throw new SlipwayException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A copy takes {bytes * Reserve / (1 << 30):0.0} GiB with its reserve, and {folder} has {free / (double)(1 << 30):0.0} GiB free"
                ),
                "make room, or choose another folder for copies",
                ExitCode.Refused
            );
        }
    }
}
