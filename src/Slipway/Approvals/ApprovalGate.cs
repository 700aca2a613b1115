using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Approvals;

/// <summary>Lets a plan through when a person answers for it.</summary>
/// <param name="output">Where the question is asked.</param>
/// <param name="input">Where the answer comes from.</param>
/// <param name="canAsk">False when nobody sits there.</param>
/// <param name="variables">The variables of the process, which tell a GitHub job.</param>
public sealed class ApprovalGate(
    RunOutput output,
    TextReader input,
    bool canAsk,
    IReadOnlyDictionary<string, string> variables
)
{
    private const int Tries = 3;

    /// <summary>Asks for the word.</summary>
    /// <exception cref="SlipwayException">Nobody can be asked, or the answer was wrong.</exception>
    public async Task<Approval> AskAsync(DeployPlan plan, bool required, CancellationToken cancellationToken)
    {
        if (!required)
        {
            return new(Holder.Name, "not required", plan.Hash);
        }

        if (ByGitHub(plan) is { } approval)
        {
            return approval;
        }

        if (!canAsk)
        {
            throw Refused(
                plan,
                "nobody can be asked: standard input is no terminal",
                "run it in a terminal, or from a GitHub job whose environment has required reviewers (.github/workflows/deploy.yml)"
            );
        }

        return await TypedAsync(plan, cancellationToken);
    }

    private async Task<Approval> TypedAsync(DeployPlan plan, CancellationToken cancellationToken)
    {
        var expected = $"{plan.Environment} {plan.ShortHash}";
        output.Line(
            $"To approve, type the environment's name and the first 8 characters of the plan's hash: {expected}"
        );
        var person = new Typist(input, output.Time);
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await person.ReadAsync((why, hint) => Refused(plan, why, hint), cancellationToken) is not { } answer)
            {
                break;
            }

            if (answer.Trim() == expected)
            {
                return new(Holder.Name, "typed", plan.Hash);
            }

            output.Line($"That is not '{expected}'.");
        }

        throw Refused(plan, "the answer was not the one asked for", "look at the plan above, then run it again");
    }

    // The workflow sets the variable in the job of the environment, which starts only once GitHub's reviewers agreed.
    private Approval? ByGitHub(DeployPlan plan) =>
        variables.GetValueOrDefault("GITHUB_ACTIONS") == "true"
        && variables.GetValueOrDefault("SLIPWAY_GITHUB_ENVIRONMENT") == plan.Environment
            ? new(
                $"reviewers of GitHub environment {plan.Environment}, started by {variables.GetValueOrDefault("GITHUB_ACTOR")}",
                $"run {variables.GetValueOrDefault("GITHUB_SERVER_URL")}/{variables.GetValueOrDefault("GITHUB_REPOSITORY")}/actions/runs/{variables.GetValueOrDefault("GITHUB_RUN_ID")}",
                plan.Hash
            )
            : null;

    private static SlipwayException Refused(DeployPlan plan, string why, string hint) =>
        new(
            $"Plan {plan.ShortHash} for environment {plan.Environment} was not approved: {why}",
            hint,
            ExitCode.Refused
        );
}
