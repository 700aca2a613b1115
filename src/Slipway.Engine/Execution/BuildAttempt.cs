using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Nuke.Common.IO;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Remembers which targets succeeded, for <c>--continue</c>; only a run with the same values may go on from there.</summary>
internal sealed class BuildAttempt(AbsolutePath file, string invocation)
{
    public static BuildAttempt Of(EngineSession session, ParameterSet parameters, IEnumerable<ExecutableTarget> plan)
    {
        var text = new StringBuilder(string.Join(' ', plan.Select(target => target.Name)));
        foreach (var (parameter, given) in parameters.Values.Where(pair => !pair.Key.IsOption))
        {
            var values = given.Value is Array array ? string.Join('\u001f', array.Cast<object?>()) : given.Value;
            text.Append(CultureInfo.InvariantCulture, $"\n{parameter.Name}={values}");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        return new(session.Root / ".nuke" / "temp" / "build-attempt.log", hash);
    }

    /// <summary>The targets that succeeded in the run before, when it was called in the same way.</summary>
    public IReadOnlyCollection<string> Previous()
    {
        if (!file.FileExists())
        {
            return [];
        }

        var lines = file.ReadAllLines();
        if (lines is not [var hash, .. var names] || !string.Equals(hash, invocation, StringComparison.Ordinal))
        {
            Serilog.Log.Warning("The run before was called with other targets or values. Starting from the beginning");
            return [];
        }

        return names;
    }

    public void Begin(IEnumerable<string> succeeded) => Try(() => file.WriteAllLines([invocation, .. succeeded]));

    public void Add(string target) => Try(() => file.AppendAllLines([target]));

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Serilog.Log.Verbose(exception, "The progress of this run is not recorded for --continue");
        }
    }
}
