using Slipway.Settings;

namespace Slipway.Migrations;

/// <summary>How one tool keeps migrations: its files, their order, its history, its lock.</summary>
internal abstract class MigrationFormat
{
    /// <summary>Its name in the environment file.</summary>
    public abstract string Name { get; }

    /// <summary>True when the tool applies one that is older than the newest applied; false when it refuses to.</summary>
    public virtual bool AppliesOutOfOrder => true;

    /// <summary>True when the history shows that a file was changed after it was applied.</summary>
    public virtual bool SeesChanges => true;

    /// <summary>True when a folder looks like this format.</summary>
    public abstract bool Fits(MigrationFiles files);

    /// <summary>Reads the migrations; what is wrong goes to the files' problems.</summary>
    public abstract IEnumerable<Migration> Read(MigrationFiles files);

    /// <summary>The history in a database.</summary>
    public abstract MigrationHistory History(DatabaseUrl url, MigrationSettings settings);

    /// <summary>The advisory lock that the tool itself takes, or one of our own where it takes none.</summary>
    public abstract long LockKey(DatabaseUrl url, MigrationSettings settings);

    /// <summary>Which of two is applied first.</summary>
    public virtual int Compare(Migration one, Migration other) => Compare(one.Name, other.Name);

    /// <summary>Which of two names is applied first, of which the history may know one alone.</summary>
    public virtual int Compare(string one, string other) => string.CompareOrdinal(one, other);

    /// <summary>True when what the history recorded is the file as it is now.</summary>
    public virtual bool IsSame(string? recorded, Migration migration) => true;

    // Of tools that take no lock: the letters "Slipway" as a number.
    protected const long OwnKey = 0x53_6C_69_70_77_61_79;
}
