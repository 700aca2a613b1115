namespace Slipway.Migrations.Rehearsal;

/// <summary>What became of undoing a migration on a copy.</summary>
public enum UndoOutcome
{
    /// <summary>It has nothing that undoes it.</summary>
    None,

    /// <summary>Definitions and rows were as before, and it could be applied again.</summary>
    Lossless,

    /// <summary>It ran, and something was not as before.</summary>
    Lossy,

    /// <summary>It did not run, or the migration could not be applied again behind it.</summary>
    Fails,
}
