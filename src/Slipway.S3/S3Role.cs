namespace Slipway.S3;

/// <summary>Who may do what in the bucket.</summary>
public enum S3Role
{
    /// <summary>Deploys: writes backups and records, takes locks; cannot delete a backup.</summary>
    Writer,

    /// <summary>Restores: reads only.</summary>
    Reader,

    /// <summary>Enforces retention: deletes backups, and cannot read them.</summary>
    Pruner,
}
