namespace Slipway.Backups.Age;

/// <summary>Why an encrypted file cannot be read.</summary>
public enum AgeProblem
{
    /// <summary>It is something else, or of a version that is not known.</summary>
    NotAge,

    /// <summary>Its header does not follow the format, or is cut off.</summary>
    HeaderBroken,

    /// <summary>A key fits, but the header was changed after it was written.</summary>
    HeaderForged,

    /// <summary>None of the keys at hand opens it.</summary>
    NoKeyFits,

    /// <summary>Its content was changed, or is cut off; what came before is intact.</summary>
    PayloadBroken,
}
