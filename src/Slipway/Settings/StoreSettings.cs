namespace Slipway.Settings;

/// <summary>Where backups, run records and locks are kept.</summary>
/// <param name="Folder">Absolute path of a folder; unused when there is a bucket.</param>
/// <param name="Bucket">A bucket of S3 or of a store that speaks its protocol; null for the folder.</param>
public sealed record StoreSettings(string Folder, BucketSettings? Bucket = null);
