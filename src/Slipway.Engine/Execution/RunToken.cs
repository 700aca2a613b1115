namespace Nuke.Common.Execution;

/// <summary>Publishes the token of the running target under a name that needs no reference to this engine.</summary>
internal static class RunToken
{
    public const string Name = "Slipway.CancellationToken";

    public static CancellationToken Current =>
        AppContext.GetData(Name) is CancellationToken token ? token : CancellationToken.None;

    public static void Publish(CancellationToken token) => AppContext.SetData(Name, token);
}
