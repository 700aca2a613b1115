namespace Slipway.Settings;

/// <summary>What a value in force is.</summary>
public enum SettingKind
{
    /// <summary>A property of the environment file.</summary>
    Setting,

    /// <summary>A variable that the application gets.</summary>
    Variable,
}
