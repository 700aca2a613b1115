namespace Slipway.Runs;

/// <summary>Who runs this.</summary>
public static class Holder
{
    /// <summary>User and machine.</summary>
    public static string Name => $"{Environment.UserName}@{Environment.MachineName}";
}
