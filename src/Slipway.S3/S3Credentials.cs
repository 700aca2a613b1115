using Slipway.Settings;

namespace Slipway.S3;

/// <summary>An access key.</summary>
/// <param name="AccessKey">Its name; not secret, but not printed either.</param>
/// <param name="SecretKey">The secret that signs.</param>
/// <param name="SessionToken">Token of temporary credentials; null for lasting ones.</param>
public sealed record S3Credentials(string AccessKey, Secret SecretKey, Secret? SessionToken);
