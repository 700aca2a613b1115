namespace Slipway.Settings;

/// <summary>Where variables can come from, first the one that wins.</summary>
internal sealed record VariableSources
{
    /// <summary>Variables of the process; only names that are asked for are looked at.</summary>
    public required IReadOnlyDictionary<string, string> Process { get; init; }

    /// <summary>The environment's git-ignored file; its name for people.</summary>
    public required string DotEnvName { get; init; }

    /// <summary>Contents of that file.</summary>
    public required IReadOnlyDictionary<string, (string Value, int Line)> DotEnv { get; init; }

    /// <summary>The environment file's <c>variables</c>; its name for people.</summary>
    public required string FileName { get; init; }

    /// <summary>Contents of <c>variables</c>.</summary>
    public required IReadOnlyDictionary<string, string> File { get; init; }

    /// <summary>What Slipway itself provides.</summary>
    public required IReadOnlyDictionary<string, string> Provided { get; init; }

    private SourcedVariable? Find(string name, string? fallback)
    {
        // An empty variable of the process is how CI passes a secret that does not exist.
        if (Process.GetValueOrDefault(name) is { Length: > 0 } fromProcess)
        {
            return new(fromProcess, "process environment", false, true);
        }

        if (DotEnv.TryGetValue(name, out var line))
        {
            return new(line.Value, $"{DotEnvName}:{line.Line}", false, true);
        }

        if (File.TryGetValue(name, out var fromFile))
        {
            return new(fromFile, $"{FileName} variables", false, false);
        }

        if (Provided.TryGetValue(name, out var provided))
        {
            return new(provided, "provided by Slipway", false, true);
        }

        return fallback is null ? null : new(fallback, "default", true, false);
    }

    // The process wins silently over what was written for this environment; a person should hear of it.
    private void WarnOfOverrides(IEnumerable<string> names, ProblemList problems)
    {
        foreach (var name in names.Where(name => Process.GetValueOrDefault(name) is { Length: > 0 }))
        {
            var hidden =
                DotEnv.TryGetValue(name, out var line) ? (line.Value, $"{DotEnvName}:{line.Line}")
                : Provided.TryGetValue(name, out var provided) ? (provided, "what Slipway provides")
                : ("", "");
            if (hidden.Item2.Length > 0 && !hidden.Item1.Equals(Process[name], StringComparison.Ordinal))
            {
                problems.Warn(
                    name,
                    null,
                    $"comes from the process environment and hides {hidden.Item2}",
                    $"if you did not mean that: unset {name}"
                );
            }
        }
    }

    /// <summary>Every variable in force; one that nothing needs, or that is needed and set nowhere, is a problem.</summary>
    public VariableSet Collect(IReadOnlyList<string> passed, string? webhookVariable, ProblemList problems)
    {
        var variables = new VariableSet(problems);
        var named = VariableNames
            .All.Select(item => item.Name)
            .Concat(File.Keys)
            .Concat(Provided.Keys)
            .Concat(VariableNames.OfStore)
            .Append(VariableNames.RepositoryKey)
            .Concat(DotEnv.Keys.Where(name => name.EndsWith("_SECRET", StringComparison.Ordinal)))
            .Concat(passed)
            .ToHashSet(StringComparer.Ordinal);
        WarnOfOverrides(named, problems);
        foreach (var name in named)
        {
            if (Find(name, VariableNames.Default(name)) is { } variable)
            {
                variables.Add(name, variable);
            }
            else if (passed.Contains(name, StringComparer.Ordinal))
            {
                problems.Add(
                    name,
                    null,
                    "is listed in passVariables and set nowhere",
                    $"set it in {DotEnvName}, or remove it from the list"
                );
            }
        }

        RefuseUnknown([.. named, webhookVariable ?? ""], problems);
        return variables;
    }

    /// <summary>The Slack webhook; null when there is none.</summary>
    public Secret? Webhook(string? name, ProblemList problems)
    {
        if (name is null)
        {
            return null;
        }

        if (Find(name, null) is not { Value.Length: > 0 } found)
        {
            problems.Warn(
                name,
                null,
                "is not set, so Slack is told nothing",
                $"put the webhook's address into {DotEnvName}, or remove slack from {FileName}"
            );
            return null;
        }

        // Plain HTTP is for a stand-in on this machine only: the address itself is the secret.
        if (
            !Uri.TryCreate(found.Value, UriKind.Absolute, out var uri)
            || !(uri.Scheme is "https" || uri is { Scheme: "http", IsLoopback: true })
        )
        {
            problems.Add(
                name,
                null,
                $"is no https address ({found.Origin})",
                "copy it from Slack: https://hooks.slack.com/services/…"
            );
        }

        return new(found.Value);
    }

    private void RefuseUnknown(HashSet<string> named, ProblemList problems)
    {
        foreach (var unknown in DotEnv.Keys.Where(name => !named.Contains(name)))
        {
            var nearest = NearestName.Of(unknown, VariableNames.All.Select(item => item.Name)) is { } near
                ? $"did you mean {near}? If not: "
                : "";
            problems.Add(
                unknown,
                null,
                $"is not known ({DotEnvName}:{DotEnv[unknown].Line})",
                $"{nearest}list it in passVariables of {FileName} if the application needs it"
            );
        }
    }
}
