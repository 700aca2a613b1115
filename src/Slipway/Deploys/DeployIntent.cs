namespace Slipway.Deploys;

/// <summary>What a run is for; it decides what is done about an earlier run that did not end.</summary>
public enum DeployIntent
{
    /// <summary>A new deploy: an earlier run that died is undone first.</summary>
    Deploy,

    /// <summary>Goes on where an earlier run died or was held for a person.</summary>
    Resume,

    /// <summary>Goes back to the last verified release.</summary>
    Rollback,
}
