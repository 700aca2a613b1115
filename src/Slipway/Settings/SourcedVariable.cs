namespace Slipway.Settings;

/// <summary>A variable's value and where it came from.</summary>
/// <param name="Value">The value, perhaps secret.</param>
/// <param name="Origin">Where it came from, for people.</param>
/// <param name="IsDefault">True when nobody set it.</param>
/// <param name="IsPrivate">True when it must not be shown, whatever its name.</param>
internal sealed record SourcedVariable(string Value, string Origin, bool IsDefault, bool IsPrivate);
