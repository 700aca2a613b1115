using System.Globalization;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Reporting;

#pragma warning disable CA1822 // Instance methods, as NUKE has them.

namespace Nuke.Common.CI.GitHubActions;

/// <summary>A job of GitHub Actions.</summary>
public sealed class GitHubActions : Host, IBuildServer
{
    private readonly EngineInput _input;

    internal GitHubActions(EngineInput input) => _input = input;

    /// <summary>Whether this host runs the build.</summary>
    public static bool IsRunningGitHubActions => Host.Instance is GitHubActions;

    /// <summary>The job, or null when the build runs elsewhere.</summary>
    public static new GitHubActions? Instance => Host.Instance as GitHubActions;

    string? IBuildServer.Branch => Ref;

    string? IBuildServer.Commit => Sha;

    /// <summary>The person or app that started the workflow.</summary>
    public string? Actor => Get("GITHUB_ACTOR");

    /// <summary>The target branch of a pull request.</summary>
    public string? BaseRef => Get("GITHUB_BASE_REF");

    /// <summary>The event that started the workflow.</summary>
    public string? EventName => Get("GITHUB_EVENT_NAME");

    /// <summary>The file with the event.</summary>
    public string? EventPath => Get("GITHUB_EVENT_PATH");

    /// <summary>The source branch of a pull request.</summary>
    public string? HeadRef => Get("GITHUB_HEAD_REF");

    /// <summary>The home folder.</summary>
    public string? Home => Get("HOME");

    /// <summary>The name of the job in the workflow file.</summary>
    public string? Job => Get("GITHUB_JOB");

    /// <summary>The branch or tag, as <c>refs/…</c>.</summary>
    public string? Ref => Get("GITHUB_REF");

    /// <summary>The branch or tag, short.</summary>
    public string? RefName => Get("GITHUB_REF_NAME");

    /// <summary>The repository, as owner/name.</summary>
    public string? Repository => Get("GITHUB_REPOSITORY");

    /// <summary>The owner of the repository.</summary>
    public string? RepositoryOwner => Get("GITHUB_REPOSITORY_OWNER");

    /// <summary>The attempt of the run, from 1.</summary>
    public long RunAttempt => Number("GITHUB_RUN_ATTEMPT");

    /// <summary>The unique number of the run.</summary>
    public long RunId => Number("GITHUB_RUN_ID");

    /// <summary>The number of the run in its workflow.</summary>
    public long RunNumber => Number("GITHUB_RUN_NUMBER");

    /// <summary>The address of GitHub.</summary>
    public string? ServerUrl => Get("GITHUB_SERVER_URL");

    /// <summary>The commit.</summary>
    public string? Sha => Get("GITHUB_SHA");

    /// <summary>The file that becomes the job's summary.</summary>
    public AbsolutePath? StepSummaryFile => Get("GITHUB_STEP_SUMMARY");

    /// <summary>The job's token, when the workflow passes it on.</summary>
    public string? Token => Get("GITHUB_TOKEN");

    /// <summary>The name of the workflow.</summary>
    public string? Workflow => Get("GITHUB_WORKFLOW");

    /// <summary>The folder of the checkout.</summary>
    public AbsolutePath? Workspace => Get("GITHUB_WORKSPACE");

    /// <summary>Whether a pull request started the workflow.</summary>
    public bool IsPullRequest => EventName is "pull_request" or "pull_request_target";

    internal static bool IsRunning(EngineInput input) => input.Variable("GITHUB_ACTIONS") is not null;

    /// <summary>Opens a group in the log.</summary>
    /// <param name="group">Its title.</param>
    public void Group(string group) => Write(GitHubCommand.Of("group", group));

    /// <summary>Closes the group in the log.</summary>
    /// <param name="group">Its title.</param>
    public void EndGroup(string group) => Write(GitHubCommand.Of("endgroup", group));

    /// <summary>Writes a message that is seen in debug logs only.</summary>
    /// <param name="message">The message.</param>
    public void WriteDebug(string message) => Write(GitHubCommand.Of("debug", message));

    /// <summary>Writes a warning annotation.</summary>
    /// <param name="message">The message.</param>
    public void WriteWarning(string message) => Write(GitHubCommand.Of("warning", message));

    /// <summary>Writes an error annotation.</summary>
    /// <param name="message">The message.</param>
    public void WriteError(string message) => Write(GitHubCommand.Of("error", message));

    private static void Write(string command) => EngineSession.Current.Console?.WriteLine(command);

    private string? Get(string name) => _input.Variable(name) is { Length: > 0 } value ? value : null;

    private long Number(string name) => long.Parse(Get(name) ?? "0", CultureInfo.InvariantCulture);
}
