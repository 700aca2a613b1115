namespace Nuke.Common.CI.GitHubActions;

/// <summary>The machine that a job runs on.</summary>
public enum GitHubActionsImage
{
    /// <summary>The image <c>windows-2025</c>.</summary>
    WindowsServer2025,

    /// <summary>The image <c>windows-2022</c>.</summary>
    WindowsServer2022,

    /// <summary>The image <c>windows-2019</c>.</summary>
    WindowsServer2019,

    /// <summary>The image <c>ubuntu-24.04</c>.</summary>
    Ubuntu2404,

    /// <summary>The image <c>ubuntu-22.04</c>.</summary>
    Ubuntu2204,

    /// <summary>The image <c>ubuntu-20.04</c>.</summary>
    Ubuntu2004,

    /// <summary>The image <c>ubuntu-18.04</c>.</summary>
    Ubuntu1804,

    /// <summary>The image <c>macos-15</c>.</summary>
    MacOs15,

    /// <summary>The image <c>macos-14</c>.</summary>
    MacOs14,

    /// <summary>The image <c>macos-13</c>.</summary>
    MacOs13,

    /// <summary>The image <c>macos-12</c>.</summary>
    MacOs12,

    /// <summary>The image <c>macos-11</c>.</summary>
    MacOs11,

    /// <summary>The image <c>windows-latest</c>.</summary>
    WindowsLatest,

    /// <summary>The image <c>ubuntu-latest</c>.</summary>
    UbuntuLatest,

    /// <summary>The image <c>macos-latest</c>.</summary>
    MacOsLatest,

    /// <summary>A machine of your own.</summary>
    SelfHosted,
}
