namespace Slipway.Notifications;

/// <summary>What happened in a run.</summary>
public enum NoticeKind
{
    /// <summary>It began.</summary>
    Started,

    /// <summary>It is done.</summary>
    Succeeded,

    /// <summary>It failed and changed nothing, or took it back before anybody noticed.</summary>
    Failed,

    /// <summary>Users were on the new release and are on the old one again.</summary>
    RolledBack,

    /// <summary>A person has to decide.</summary>
    NeedsPerson,
}
