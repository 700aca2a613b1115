namespace Slipway.Settings;

/// <summary>One value in force and where it came from.</summary>
/// <param name="Kind">Property of the environment file or variable.</param>
/// <param name="Name">Path in the environment file, or name of the variable.</param>
/// <param name="Value">The value as it may be shown: of a secret only its length.</param>
/// <param name="Origin">Where it came from, for people.</param>
public sealed record SettingOrigin(SettingKind Kind, string Name, string Value, string Origin);
