namespace Slipway.Storage;

/// <summary>An object in a store.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record StoredObject(string Key, long Size);
