namespace Slipway.Settings;

/// <summary>How migrations are found and applied.</summary>
/// <param name="Folder">Absolute path of the folder with one folder per migration.</param>
/// <param name="LockTimeout">How long a statement waits for a lock on a table; default 5 s.</param>
/// <param name="StatementTimeout">How long one statement may take; default 15 min.</param>
/// <param name="QueueTimeout">How long to wait for another migration tool to finish; default 30 s.</param>
public sealed record MigrationSettings(
    string Folder,
    TimeSpan LockTimeout,
    TimeSpan StatementTimeout,
    TimeSpan QueueTimeout
);
