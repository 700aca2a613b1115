namespace Slipway.Tests.Migrations;

/// <summary>What becomes of a client when a fault strikes.</summary>
public enum Fault
{
    /// <summary>The server never gets what it sent, and its connection is gone.</summary>
    RequestLost,

    /// <summary>The server gets it and does it, but the answer never arrives.</summary>
    AnswerLost,

    /// <summary>All its connections are gone at once, and none is opened any more: what the server sees of a kill -9.</summary>
    Killed,
}
