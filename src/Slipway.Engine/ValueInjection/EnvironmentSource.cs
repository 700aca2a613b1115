namespace Nuke.Common.ValueInjection;

/// <summary>
/// Reads parameters from environment variables: NUKE_X always; the bare name, in its exact or its UPPER_SNAKE form, only of
/// secrets and where the build gives it itself, because a variable called NAME, TYPE or HOST is rarely meant for us.
/// </summary>
internal static class EnvironmentSource
{
    public static GivenValue? Find(
        ParameterMember parameter,
        IReadOnlyDictionary<string, string> variables,
        ICollection<string> problems
    )
    {
        var found = Names(parameter, variables).Distinct(StringComparer.Ordinal).ToList();
        if (found.Count == 0)
        {
            return null;
        }

        var name = found[0];
        var value = variables[name];
        foreach (
            var other in found.Skip(1).Where(other => !string.Equals(variables[other], value, StringComparison.Ordinal))
        )
        {
            problems.Add(
                $"Parameter {parameter.Switch} has different values in the environment variables {name} and {other}"
            );
        }

        // An empty variable is how a workflow passes on an input that was left empty.
        return value.Length == 0 && !parameter.IsFlag
            ? null
            : new(parameter, [value.Length == 0 ? bool.FalseString : value], $"the environment variable {name}");
    }

    private static IEnumerable<string> Names(ParameterMember parameter, IReadOnlyDictionary<string, string> variables)
    {
        if (parameter.HasBareVariable)
        {
            foreach (var name in (string[])[parameter.Name, parameter.Variable])
            {
                if (variables.ContainsKey(name))
                {
                    yield return name;
                }
            }
        }

        foreach (var name in variables.Keys)
        {
            if (
                name.StartsWith(ParameterMember.Prefix, StringComparison.OrdinalIgnoreCase)
                && string.Equals(
                    Spelling.Plain(name[ParameterMember.Prefix.Length..]),
                    parameter.Plain,
                    StringComparison.Ordinal
                )
            )
            {
                yield return name;
            }
        }
    }
}
