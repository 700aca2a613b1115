using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Reporting;

namespace Nuke.Common.ValueInjection;

/// <summary>Brings command line, environment and files together: the first that gives a value wins.</summary>
internal sealed class ParameterBinder(ParameterCatalog catalog, EngineInput input, AbsolutePath root, MaskStore masks)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public ParameterSet Bind()
    {
        var set = new ParameterSet(catalog);
        var parser = new ArgumentParser(catalog);
        parser.Parse(input.Arguments);
        _problems.AddRange(parser.Problems);

        var profile = catalog.Find(nameof(EngineOptions.Profile))!;
        SetValue(set, First(profile, parser, files: null));
        Apply(set, profile);
        var files = new ParameterFiles(catalog, root);
        files.Read(set.Options.Profile);
        _problems.AddRange(files.Problems);

        foreach (var parameter in catalog.Members.Where(parameter => parameter != profile))
        {
            SetValue(set, First(parameter, parser, files));
            Apply(set, parameter);
        }

        if (parser.Targets.Count > 0)
        {
            set.Options.Target = [.. parser.Targets, .. set.Options.Target];
        }

        return set;
    }

    private GivenValue? First(ParameterMember parameter, ArgumentParser parser, ParameterFiles? files)
    {
        var given = parser.Given.LastOrDefault(given => given.Parameter == parameter);
        // Words before any option are targets already, so a variable must not add others to them.
        var named = parameter.Plain is "target" && parameter.IsOption && parser.Targets.Count > 0;
        return given
            ?? (named ? null : EnvironmentSource.Find(parameter, input.Variables, _problems))
            ?? (named ? null : files?.Find(parameter));
    }

    private void SetValue(ParameterSet set, GivenValue? given)
    {
        if (given is null)
        {
            return;
        }

        var parameter = given.Parameter;
        if (parameter.IsSecret)
        {
            masks.Add(given.Words);
        }

        var fromFile = given.Source.StartsWith(".nuke", StringComparison.Ordinal);
        var baseDirectory = fromFile ? root : AbsolutePath.Create(input.WorkingDirectory);
        var words = given.Words;
        if (parameter is { IsOption: true, Plain: "root" } && words.Count == 0)
        {
            words = [input.WorkingDirectory];
        }

        var conversion = ValueConverter.Convert(parameter.Type, words, parameter.Attribute.Separator, baseDirectory);
        if (conversion.Problem is null)
        {
            set.Set(parameter, conversion.Value, given.Source);
            return;
        }

        var word =
            conversion.Word is null ? ""
            : parameter.IsSecret ? "the value "
            : $"'{conversion.Word}' ";
        _problems.Add($"Parameter {parameter.Switch}, given by {given.Source}: {word}{conversion.Problem}");
    }

    private static void Apply(ParameterSet set, ParameterMember parameter)
    {
        if (parameter.IsOption && set.Values.TryGetValue(parameter, out var given))
        {
            parameter.Write(set.Options, given.Value);
        }
    }
}
