using Slipway.Runs;
using Slipway.Settings;

namespace Slipway.Backups.Restoring;

/// <summary>Asks persons at a terminal: each gives a name, and types that of the database.</summary>
/// <param name="output">Where they are asked.</param>
/// <param name="input">Where the answers come from.</param>
/// <param name="canAsk">False when nobody sits there.</param>
public sealed class RestoreConfirmation(RunOutput output, TextReader input, bool canAsk)
{
    /// <summary>Asks.</summary>
    /// <returns>Who agreed.</returns>
    /// <exception cref="SlipwayException">Nobody can be asked, or somebody did not agree.</exception>
    public async Task<IReadOnlyList<string>> AskAsync(RestoreQuestion question, CancellationToken cancellationToken)
    {
        if (!canAsk)
        {
            throw Refused(question, "nobody can be asked: standard input is no terminal", "run it in a terminal");
        }

        var typist = new Typist(input, output.Time);
        var persons = new List<string>();
        while (persons.Count < question.Decision.Persons)
        {
            output.Line($"  Person {persons.Count + 1} of {question.Decision.Persons}, your name:");
            var name = await ReadAsync();
            if (string.IsNullOrEmpty(name) || persons.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw Refused(
                    question,
                    string.IsNullOrEmpty(name) ? "no name was given" : $"{name} cannot agree twice",
                    "run it again with everybody at hand"
                );
            }

            output.Line(
                $"  {name}, to replace database {question.Database} by backup {question.Backup}, type its name:"
            );
            if (await ReadAsync() != question.Database)
            {
                throw Refused(
                    question,
                    $"{name} did not type {question.Database}",
                    "look at the table above, then run it again"
                );
            }

            persons.Add(name);
        }

        return persons;

        async Task<string?> ReadAsync() =>
            (await typist.ReadAsync((why, hint) => Refused(question, why, hint), cancellationToken))?.Trim();
    }

    private static SlipwayException Refused(RestoreQuestion question, string why, string hint) =>
        new(
            $"Replacing database {question.Database} was not confirmed by {question.Decision.Persons} "
                + $"({question.Decision.Because}): {why}",
            hint,
            ExitCode.Refused
        );
}
