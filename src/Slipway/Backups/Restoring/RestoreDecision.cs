using System.Globalization;

namespace Slipway.Backups.Restoring;

/// <summary>Who has to agree before a restored database replaces the live one.</summary>
/// <param name="Persons">How many persons have to confirm: 0, 1 or 2.</param>
/// <param name="Because">Why so many.</param>
public sealed record RestoreDecision(int Persons, string Because)
{
    /// <summary>Decides from what would be lost.</summary>
    /// <param name="writes">What was written since the backup.</param>
    /// <param name="approvalRequired">True where a person has to agree to every change, as in prod.</param>
    public static RestoreDecision Of(WritesSince writes, bool approvalRequired)
    {
        if (writes.IsZero)
        {
            return new(0, "it is proven that nothing was written since the backup");
        }

        var lost =
            writes.Rows > 0
                ? string.Create(CultureInfo.InvariantCulture, $"up to {writes.Rows:N0} rows would be lost or set back")
            : writes.SchemaChanges > 0 ? "changes of the schema would be lost"
            : $"it cannot be proven that nothing would be lost: {writes.WhyNotProvable}";
        return approvalRequired
            ? new(2, $"{lost}, and in this environment two persons have to agree to that")
            : new(1, lost);
    }
}
